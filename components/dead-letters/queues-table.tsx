'use client';

import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatRate } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Num } from '@/components/ui/num.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { TrendBars } from '@/components/ui/trend-bars.tsx';
import type { DeadLetterQueueWire } from '@/server/model/dead-letter-wire.ts';
import { queueKey } from './letters-query.ts';
import { expiresSoon, expiresWords, MARK_WORDS, OTHER_WORDS, timeLeft } from './letters-words.ts';

interface QueuesTableProps {
  readonly queues: readonly DeadLetterQueueWire[];
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** Queues, what expires first in front; those that do not count stand below, with why. */
export function QueuesTable({ queues, selected, onSelect }: QueuesTableProps) {
  return (
    <DataTable
      label="Queues of dead letters"
      columns={COLUMNS}
      rows={queues}
      keyOf={queueKey}
      grid={{ selected, onSelect }}
    />
  );
}

const COLUMNS: readonly Column<DeadLetterQueueWire>[] = [
  {
    name: 'Queue',
    width: 'w-[30%] max-[599px]:w-[50%]',
    title: ({ why }) => why,
    cell: (queue) => <Name queue={queue} />,
  },
  {
    name: 'Depth',
    width: 'w-[84px]',
    num: true,
    title: ({ difference }) => difference ?? undefined,
    cell: (queue) => <Depth queue={queue} />,
  },
  {
    name: 'Arrivals per min, 60 min',
    width: 'w-[212px]',
    phoneOff: true,
    cell: ({ arrivals_per_min, trend }) => (
      <span className="flex items-center gap-3">
        <span className="m w-[40px] flex-none text-right">
          {arrivals_per_min === null ? '–' : formatRate(arrivals_per_min)}
        </span>
        <TrendBars trend={trend} kind="dead" width={136} />
      </span>
    ),
  },
  {
    name: 'Oldest',
    width: 'w-[104px]',
    num: true,
    cell: ({ oldest_age_s }) => (oldest_age_s === null ? '–' : formatDuration(oldest_age_s * 1000)),
  },
  { name: 'Expires unhandled in', width: 'w-[196px]', phoneOff: true, cell: (queue) => <Expires queue={queue} /> },
  {
    name: 'Main reason',
    phoneOff: true,
    title: ({ main_reason, kind }) => main_reason ?? OTHER_WORDS[kind],
    cell: ({ main_reason, kind }) =>
      main_reason === null ? (
        <span className="f2">{kind === 'dead letter' ? '–' : OTHER_WORDS[kind]}</span>
      ) : (
        <Identifier text={main_reason} className="el block" />
      ),
  },
  {
    name: 'Triage group',
    width: 'w-[150px]',
    phoneOff: true,
    ink: 'f1',
    cell: ({ triage_groups: [first, ...more] }) =>
      first === undefined ? (
        <span className="f2">none</span>
      ) : (
        <span className="el block">
          <Identifier text={first.group} className="m" />
          {more.length > 0 ? <span className="f2"> +{more.length}</span> : null}
          {first.committed ? null : <span className="f2"> nothing committed</span>}
        </span>
      ),
  },
];

function Name({ queue: { topic, mark, kind, depth } }: { queue: DeadLetterQueueWire }) {
  const said = mark === null || mark.state === 'new' ? null : MARK_WORDS[mark.state];
  const counts = kind === 'dead letter';
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      {said === null ? null : (
        <span role="img" aria-label={said.word} title={said.word} className="flex-none leading-none">
          <StateMark kind={said.mark} />
        </span>
      )}
      <Identifier text={topic} className={`m el ${counts && depth !== '0' ? 'f0' : 'f1'}`} />
      {counts ? null : <span className="f2 flex-none t12">{kind}</span>}
    </span>
  );
}

/** A count we do not agree with is marked: its title says why. */
function Depth({ queue: { depth, difference, kind } }: { queue: DeadLetterQueueWire }) {
  if (depth === null) return <span className="f2">–</span>;
  return (
    <span className={kind === 'dead letter' ? '' : 'f2'}>
      {difference === null ? null : <span className="f2">* </span>}
      <Num value={depth} />
    </span>
  );
}

function Expires({ queue }: { queue: DeadLetterQueueWire }) {
  const { expires_in_s: seconds, expires_why: why } = queue;
  if (seconds === null)
    return (
      <span className="f2 el block" title={why ?? undefined}>
        {why ?? '–'}
      </span>
    );
  const soon = expiresSoon(queue);
  return (
    <span className="flex items-center gap-3">
      <span className="dead-left" aria-hidden="true">
        <i className={soon ? 'soon' : ''} style={{ width: `${Math.max(4, (timeLeft(queue) ?? 0) * 100)}%` }} />
      </span>
      <span className={`m ${soon ? 'st-dead' : ''}`}>{expiresWords(seconds)}</span>
    </span>
  );
}
