import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { ComparisonWire } from '@/server/model/dead-letter-detail-wire.ts';
import { comparisonWords } from './letters-words.ts';

/** The event inside a dead letter held against its original, place by place. */
export function Compared({ comparison }: { comparison: ComparisonWire }) {
  return (
    <>
      <p className="note px-5">{safeText(comparisonWords(comparison), 500)}</p>
      {comparison.differences.map(({ path, what, was, is }) => (
        <div key={`${what} ${path}`} className="ln pl-5">
          <Identifier text={path === '' ? 'the event' : path} className="v" /> <span className="p">{what}</span>
          {was === null ? null : <span className="p"> was {safeText(was, 200)}</span>}
          {is === null ? null : <span className="s"> is {safeText(is, 200)}</span>}
        </div>
      ))}
    </>
  );
}
