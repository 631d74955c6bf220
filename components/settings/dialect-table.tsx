'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { StateTag } from '@/components/ui/state-mark.tsx';
import { type DialectRow, dialectSource, NO_DIALECT } from './dialect-rows.ts';

interface DialectTableProps {
  readonly rows: readonly DialectRow[];
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
  /** The range that events are counted in, in words. */
  readonly label: string;
  /** Leaves out what the one selected shows beside the table. */
  readonly narrow: boolean;
}

/** Every dialect in the order of trying, with what it looks for and how many events it read. */
export function DialectTable({ rows, selected, onSelect, label, narrow }: DialectTableProps) {
  const params = useSearchParams();
  const columns: readonly Column<DialectRow>[] = [
    ...WHO,
    ...(narrow ? [] : [LOOKS_FOR]),
    {
      name: `Events, ${label.toLowerCase()}`,
      head: (
        <>
          Events<span className="phone-off">, {label.toLowerCase()}</span>
        </>
      ),
      width: 'w-[150px] max-[599px]:w-[84px]',
      num: true,
      title: ({ count }) => `${formatCount(count.stored)} stored in all`,
      cell: ({ name, count }) =>
        count.in_range === '0' ? (
          <span className="f2">0</span>
        ) : (
          <Link className="m x" tabIndex={-1} href={`/topics?${eventsOf(name, params)}`}>
            {formatCount(count.in_range)}
          </Link>
        ),
    },
    {
      name: 'Last',
      width: 'w-[128px] max-[599px]:w-[104px]',
      num: true,
      ink: 'f2',
      cell: ({ count }) => (count.last_at === null ? 'never' : <Instant at={count.last_at} />),
    },
  ];
  return (
    <DataTable
      label="Dialects"
      columns={columns}
      rows={rows}
      keyOf={({ name }) => name}
      grid={{ selected, onSelect }}
    />
  );
}

const WHO: readonly Column<DialectRow>[] = [
  {
    name: 'Order',
    head: <span className="sr-only">Order</span>,
    width: 'w-[52px]',
    phoneOff: true,
    ink: 'm f2',
    cell: ({ order }) => order ?? '',
  },
  {
    name: 'From',
    width: 'w-[100px]',
    phoneOff: true,
    ink: 't12 f1',
    title: ({ dialect }) => (dialect === null ? undefined : dialectSource(dialect)),
    cell: ({ name, dialect }) => {
      if (dialect === null) return name === NO_DIALECT ? '' : 'no longer set';
      return dialect.from === 'built in' ? 'built in' : 'yours';
    },
  },
  {
    name: 'Dialect',
    width: 'w-[230px] max-[599px]:w-auto',
    cell: ({ name, dialect }) =>
      dialect === null && name === NO_DIALECT ? (
        <StateTag kind="unknown" word="no rule matched" />
      ) : (
        <Identifier text={name} className={`m ${dialect === null ? 'f2' : ''}`} />
      ),
  },
];

const LOOKS_FOR: Column<DialectRow> = {
  name: 'Looks for',
  phoneOff: true,
  ink: 't12 f1',
  title: ({ dialect }) => dialect?.when.join('\n'),
  cell: (row) => <LooksFor row={row} />,
};

function LooksFor({ row: { name, dialect } }: { row: DialectRow }) {
  if (dialect === null)
    return name === NO_DIALECT ? 'kept with its raw bytes' : 'these events can be read again by the rules in force';
  if (dialect.when.length === 0) return 'whatever comes this far';
  return <Identifier text={dialect.when.join(', ')} className="m" />;
}

/** The list of events a count leads to: those of one dialect, in the range of this page. */
function eventsOf(dialect: string, params: URLSearchParams): string {
  const next = new URLSearchParams({ tab: 'events', dialect, within: 'range' });
  for (const name of ['from', 'to']) {
    const value = params.get(name);
    if (value !== null) next.set(name, value);
  }
  return next.toString();
}
