'use client';

import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatShare } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Num } from '@/components/ui/num.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { schemaWords } from '@/components/ui/schema-words.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { eventsHref, logHref } from './coverage-links.ts';
import { COVERAGE_STATES, type CoverageRow, ORIGIN_WORDS } from './coverage-rows.ts';

interface CoverageTableProps {
  readonly rows: readonly CoverageRow[];
  /** Counts may be more than what is known. */
  readonly bound: boolean;
  /** The range as a query, for the events that a count leads to. */
  readonly range: string;
  readonly selected: string | null;
  readonly onSelect: (eventType: string) => void;
}

/** Event types of a range, each with the schema it is held against and how many of its events fit. */
export function CoverageTable({ rows, bound, range, selected, onSelect }: CoverageTableProps) {
  return (
    <DataTable
      label="Schema coverage by event type"
      columns={
        selected === null ? columnsOf(bound, range) : columnsOf(bound, range).filter(({ name }) => !TOLD.has(name))
      }
      rows={rows}
      keyOf={({ event_type }) => event_type}
      grid={{ selected, onSelect }}
    />
  );
}

/** What the one that is looked into shows beside the table. */
const TOLD: ReadonlySet<string> = new Set(['From', 'Title']);

function columnsOf(bound: boolean, range: string): readonly Column<CoverageRow>[] {
  return [
    {
      name: 'Event type',
      width: 'max-[599px]:w-[50%]',
      cell: ({ event_type, state }) => (
        <span className="flex min-w-0 items-center gap-2.5">
          <span role="img" aria-label={COVERAGE_STATES[state].word} className="flex-none leading-none">
            <StateMark kind={COVERAGE_STATES[state].mark} />
          </span>
          <Identifier text={event_type} className="m el" />
        </span>
      ),
    },
    {
      name: 'State',
      width: 'w-[104px]',
      phoneOff: true,
      ink: ({ state }) => `st-${COVERAGE_STATES[state].mark}`,
      cell: ({ state }) => COVERAGE_STATES[state].word,
    },
    {
      name: 'Schema',
      width: 'w-[250px] max-[599px]:w-auto',
      title: ({ schema }) => (schema === null ? undefined : safeText(schema.name)),
      cell: ({ schema }) =>
        schema === null ? (
          <span className="f2">none</span>
        ) : (
          <span className="m f1 el block">{safeText(schemaWords(schema))}</span>
        ),
    },
    {
      name: 'From',
      width: 'w-[76px]',
      phoneOff: true,
      ink: 't12 f2',
      cell: ({ schema }) => (schema === null ? '–' : ORIGIN_WORDS[schema.origin]),
    },
    {
      name: 'Title',
      phoneOff: true,
      ink: 't12 f1',
      cell: ({ schema }) => (
        <span className="el block">{schema?.title == null ? '–' : <Identifier text={schema.title} />}</span>
      ),
    },
    {
      name: 'Events',
      width: 'w-[84px]',
      phoneOff: true,
      num: true,
      cell: ({ event_type, seen }) => <Num value={seen} bound={bound} href={eventsHref(event_type, range)} />,
    },
    {
      name: 'Checked',
      width: 'w-[84px]',
      phoneOff: true,
      num: true,
      ink: 'f1',
      cell: ({ checkedShare }) => formatShare(checkedShare),
    },
    {
      name: 'Valid',
      width: 'w-[84px] max-[599px]:w-[72px]',
      num: true,
      cell: ({ validShare }) => (validShare === null ? <span className="f2">–</span> : formatShare(validShare)),
    },
    {
      name: 'Violating',
      width: 'w-[84px]',
      phoneOff: true,
      num: true,
      cell: ({ event_type, violating }) =>
        violating === '0' ? (
          <span className="f2">0</span>
        ) : (
          <Num value={violating} bound={bound} href={logHref(event_type, range)} />
        ),
    },
  ];
}
