import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { HeaderWire } from '@/server/model/wire.ts';

/** The headers of a record in their order, values as they came. */
export function RecordHeaders({ headers }: { headers: readonly HeaderWire[] }) {
  if (headers.length === 0) return <p className="note px-5">The record has no headers.</p>;
  return headers.map((header, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat and never move.
    <div key={`${i}${header.name}`} className="ln pl-5">
      <Identifier text={header.name} className="p" />
      <span className="p">: </span>
      <span className="v">{header.value === null ? 'null' : safeText(header.value.text, 2000)}</span>
      {header.value?.encoding === 'base64' ? <span className="p"> base64</span> : null}
    </div>
  ));
}
