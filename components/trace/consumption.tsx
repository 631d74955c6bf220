import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { ConsumptionWire } from '@/server/model/consumption-wire.ts';

/** Groups that are drawn; the rest is counted. */
const SHOWN = 8;

/** Which groups have passed an event, and between when. The tap's own group is left out. */
export function Consumption({ consumption }: { consumption: readonly ConsumptionWire[] }) {
  const others = consumption.filter(({ own }) => !own);
  if (others.length === 0) return <span className="f2">no group has committed on the topic</span>;
  return (
    <>
      {others.slice(0, SHOWN).map((told) => (
        <span key={told.group} className="block">
          <Identifier text={told.group} className="m block el" />
          <Told told={told} />
        </span>
      ))}
      {others.length > SHOWN ? <span className="f2">and {formatCount(others.length - SHOWN)} more groups</span> : null}
    </>
  );
}

function Told({ told }: { told: ConsumptionWire }) {
  switch (told.state) {
    case 'consumed':
      return (
        <span className="f2">
          {told.after === null ? 'before ' : 'between '}
          {told.after === null ? null : (
            <>
              <Instant at={told.after} /> and{' '}
            </>
          )}
          <Instant at={told.before} />
          {told.set_back ? ', set back since' : ''}
        </span>
      );
    case 'not_yet':
      return (
        <span>
          <StateMark kind="running" /> not yet, <span className="m">{formatCount(told.behind)}</span> to read
          <span className="f2">
            {' '}
            at <Instant at={told.as_of} />
          </span>
        </span>
      );
    case 'unknown':
      return (
        <span className="f2 whitespace-normal">
          <StateMark kind="unknown" /> unknown: {told.why}
        </span>
      );
  }
}
