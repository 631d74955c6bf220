'use client';

import Link from 'next/link';
import { traceHref } from '@/components/trace/trace-path.ts';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { Duration } from '@/components/ui/duration.tsx';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { STATUS_MARK } from '@/components/ui/mark-kind.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateTag } from '@/components/ui/state-mark.tsx';
import type { TraceSummary } from '@/server/model/wire.ts';

interface TraceTableProps {
  readonly traces: readonly TraceSummary[];
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** The list of traces. */
export function TraceTable({ traces, selected, onSelect }: TraceTableProps) {
  return (
    <DataTable
      label="Traces"
      columns={COLUMNS}
      rows={traces}
      keyOf={(trace) => trace.trace_key}
      grid={{ selected, onSelect, hrefOf: traceHref }}
    />
  );
}

const COLUMNS: readonly Column<TraceSummary>[] = [
  {
    name: 'Status',
    width: 'w-[120px]',
    cell: ({ status }) => <StateTag kind={STATUS_MARK[status].mark} word={STATUS_MARK[status].word} />,
  },
  {
    name: 'Started',
    width: 'w-[172px]',
    phoneOff: true,
    ink: 'f1',
    cell: (trace) => <Instant at={trace.started_at} digits="ms" />,
  },
  {
    name: 'Correlation id',
    width: 'w-[150px]',
    cell: (trace) => (
      <Link href={traceHref(trace)} className="x" tabIndex={-1}>
        {trace.id_kind === 'trace' ? <span className="f2 t12">trace id </span> : null}
        <Identifier text={trace.correlation_id.slice(0, 48)} bright={8} className="m" />
      </Link>
    ),
  },
  { name: 'Flow', phoneOff: true, cell: (trace) => trace.flow ?? <Types types={trace.event_types} /> },
  {
    name: 'Services, in order',
    width: 'w-[30%]',
    phoneOff: true,
    ink: 't12 f1',
    cell: (trace) => <Services services={trace.services} />,
  },
  { name: 'Events', width: 'w-[64px]', num: true, phoneOff: true, cell: (trace) => formatCount(trace.event_count) },
  {
    name: 'Duration',
    width: 'w-[104px]',
    num: true,
    cell: (trace) => (trace.event_count > 1 ? <Duration ms={trace.duration_ms} /> : <span className="f2">–</span>),
  },
];

/** Without a declared flow a trace goes by its first event type. */
function Types({ types }: { types: readonly string[] }) {
  const [first, ...rest] = types;
  if (first === undefined) return <span className="f2">–</span>;
  return (
    <>
      <Identifier text={first} className="m" />
      {rest.length > 0 ? <span className="f2 t12"> and {rest.length} more</span> : null}
    </>
  );
}

function Services({ services }: { services: readonly string[] }) {
  const shown =
    services.length > 4 ? [services[0] ?? '', `${services.length - 2} more`, services.at(-1) ?? ''] : services;
  if (shown.length === 0) return <span className="f2">–</span>;
  return shown.map((service, i) => (
    <span key={service}>
      {i > 0 ? <span className="f2"> → </span> : null}
      <bdi>{safeText(service)}</bdi>
    </span>
  ));
}
