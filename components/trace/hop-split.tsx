import { formatDuration } from '@/components/ui/format-duration.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { HopSplitWire } from '@/server/model/hop-split-wire.ts';
import { splitTitle, stretchWords, unsplitWords } from './hop-split-words.ts';

/** How a hop lies around the commit of the group that consumed its cause. */
export function HopSplit({ split }: { split: HopSplitWire }) {
  const look = 'f2 block whitespace-normal wrap-anywhere';
  if (split.state === 'unknown') return <Unsplit split={split} />;
  return (
    <span className={look} title={splitTitle(split)}>
      <Parts split={split} />
    </span>
  );
}

function Parts({ split }: { split: Extract<HopSplitWire, { state: 'split' }> }) {
  const { group, until_commit: until, after_commit: after } = split;
  const committed = (
    <>
      <Identifier text={group} className="m" /> committed
    </>
  );
  switch (split.commit) {
    case 'before_effect':
      return (
        <>
          waited <span className="m">{stretchWords(until)}</span> until {committed}, then{' '}
          <span className="m">{stretchWords(after)}</span>
        </>
      );
    case 'around_effect':
      return (
        <>
          waited at least <span className="m">{formatDuration(until.from_ms)}</span> until {committed}, at most{' '}
          <span className="m">{formatDuration(after.to_ms)}</span> before this event or after it
        </>
      );
    case 'after_effect':
      return <>{committed} after this event</>;
  }
}

/** One line until somebody asks for the reason and the groups. */
function Unsplit({ split }: { split: Extract<HopSplitWire, { state: 'unknown' }> }) {
  const { why, groups, resolution_ms } = split;
  return (
    <details className="f2">
      <summary className="cursor-pointer">
        <StateMark kind="unknown" /> <span className="u">{unsplitWords(split)}</span>
      </summary>
      <span className="block whitespace-normal wrap-anywhere">
        {why}
        {resolution_ms === null ? null : ` It was looked at ${formatDuration(resolution_ms)} apart.`}
        {groups.map((group) => (
          <Identifier key={group} text={group} className="m block" />
        ))}
      </span>
    </details>
  );
}
