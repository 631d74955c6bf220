/** In the place of what is read: a block while it is on its way, else why it did not come and the way to ask again. */
export function PendingNote({ problem, onRetry }: { problem: string | null; onRetry: () => void }) {
  if (problem === null) return <span className="skel mx-5 my-1 h-2 w-40" />;
  return (
    <p className="note px-5">
      {problem}.{' '}
      <button type="button" className="u" onClick={onRetry}>
        Try again
      </button>
    </p>
  );
}
