'use client';

import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatShare } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { Num } from '@/components/ui/num.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { schemaWords } from '@/components/ui/schema-words.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { TrendBars } from '@/components/ui/trend-bars.tsx';
import type { ViolationGroup, ViolationList } from '@/server/model/violation-wire.ts';
import { pathWords, ruleWords, STATE_WORDS } from './violations-words.ts';

interface GroupsTableProps {
  readonly answer: ViolationList;
  readonly groups: readonly ViolationGroup[];
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  /** The range as a query, for the traces a count leads to. */
  readonly range: string;
  /** `60 min`, in words. */
  readonly span: string;
}

/** Groups of events that break one rule at one path, most events first. */
export function GroupsTable({ answer, groups, selected, onSelect, range, span }: GroupsTableProps) {
  return (
    <DataTable
      label="Violations by type, path and rule"
      columns={columnsOf(answer.coverage.lower_bound, range, span)}
      rows={groups}
      keyOf={({ key }) => key}
      grid={{ selected, onSelect }}
    />
  );
}

function columnsOf(bound: boolean, range: string, span: string): readonly Column<ViolationGroup>[] {
  return [
    {
      name: 'Event type',
      width: 'w-[236px] max-[599px]:w-[42%]',
      cell: (group) => <Name group={group} />,
    },
    {
      name: 'Path and rule',
      title: ({ sentence }) => sentence,
      cell: (group) => (
        <span className="el block">
          <Identifier text={pathWords(group)} className="m st-violating" />{' '}
          <span className="f1 phone-off">{ruleWords(group.rule)}</span>
        </span>
      ),
    },
    {
      name: 'Service',
      width: 'w-[128px]',
      phoneOff: true,
      ink: 'f1',
      cell: ({ service }) =>
        service === null ? <span className="f2">not named</span> : <Identifier text={service} className="el block" />,
    },
    {
      name: 'Schema',
      width: 'w-[156px]',
      phoneOff: true,
      ink: 'f1',
      title: ({ schema }) => schema?.name,
      cell: ({ schema }) => <span className="m el block">{safeText(schemaWords(schema))}</span>,
    },
    {
      name: 'Count',
      head: 'Count ↓',
      sorted: 'descending',
      width: 'w-[72px]',
      num: true,
      cell: (group) => <Num value={group.count} bound={bound} href={tracesHref(group, range)} />,
    },
    {
      name: 'Of type',
      width: 'w-[72px]',
      num: true,
      phoneOff: true,
      ink: 'f1',
      cell: ({ share }) => (share === null ? '–' : formatShare(share)),
    },
    {
      name: `Trend, ${span}`,
      width: 'w-[124px]',
      phoneOff: true,
      cell: ({ trend }) => <TrendBars trend={trend} kind="violating" />,
    },
    {
      name: 'First',
      width: 'w-[92px]',
      num: true,
      phoneOff: true,
      ink: 'f1',
      cell: (group) => <Instant at={group.first_seen} />,
    },
    {
      name: 'Last',
      width: 'w-[92px]',
      num: true,
      phoneOff: true,
      ink: 'f1',
      cell: (group) => <Instant at={group.last_seen} />,
    },
  ];
}

function Name({ group }: { group: ViolationGroup }) {
  const { mark, word } = STATE_WORDS[group.state];
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <span role="img" aria-label={word} title={word} className="flex-none leading-none">
        <StateMark kind={mark} />
      </span>
      <Identifier text={group.event_type} className="m el" />
    </span>
  );
}

function tracesHref({ event_type, service }: ViolationGroup, range: string): string {
  const params = new URLSearchParams(range);
  params.set('has', 'violation');
  params.set('event_type', event_type);
  if (service !== null) params.set('service', service);
  return `/traces?${params}`;
}
