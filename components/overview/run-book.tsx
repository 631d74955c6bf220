/** The operator's own page: the configuration takes http and https addresses only. */
export function RunBook({ address }: { address: string | null }) {
  if (address === null) return null;
  return (
    <>
      {' '}
      <a className="x relative z-1" href={address} target="_blank" rel="noreferrer noopener">
        Run book
      </a>
    </>
  );
}
