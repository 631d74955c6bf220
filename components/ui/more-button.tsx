/** Asks for the next page of a list, and says why it could not be read. Nothing when there is none. */
export function MoreButton({
  more,
  busy,
  problem,
  load,
  words,
  limit,
  note,
}: {
  more: boolean;
  busy: boolean;
  problem: string | null;
  load: () => void;
  words: string;
  /** Said instead when no more rows may be added. */
  limit?: string | undefined;
  note?: string;
}) {
  if (!more) return null;
  return (
    <div className="tools">
      <button type="button" className="ctl" onClick={load} disabled={busy || limit !== undefined}>
        {limit ?? words}
      </button>
      {problem === null && note === undefined ? null : <span className="note">{problem ?? note}</span>}
    </div>
  );
}
