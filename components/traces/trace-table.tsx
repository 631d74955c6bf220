'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { traceHref } from '@/components/trace/trace-path.ts';
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

/** The list of traces. One row has the tab stop; focus follows the selection. */
export function TraceTable({ traces, selected, onSelect }: TraceTableProps) {
  const tabbed = traces.find((trace) => trace.trace_key === selected) ?? traces[0];
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose rows are moved through and chosen.
    <table className="tbl" role="grid" aria-label="Traces">
      <colgroup>
        <col className="w-[120px]" />
        <col className="w-[172px] phone-off" />
        <col className="w-[150px]" />
        <col className="phone-off" />
        <col className="w-[30%] phone-off" />
        <col className="w-[64px] phone-off" />
        <col className="w-[104px]" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col" className="phone-off">
            Started
          </th>
          <th scope="col">Correlation id</th>
          <th scope="col" className="phone-off">
            Flow
          </th>
          <th scope="col" className="phone-off">
            Services, in order
          </th>
          <th scope="col" className="num phone-off">
            Events
          </th>
          <th scope="col" className="num">
            Duration
          </th>
        </tr>
      </thead>
      <tbody>
        {traces.map((trace) => (
          <Row
            key={trace.trace_key}
            trace={trace}
            selected={trace.trace_key === selected}
            tabbed={trace === tabbed}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  trace,
  selected,
  tabbed,
  onSelect,
}: {
  trace: TraceSummary;
  selected: boolean;
  tabbed: boolean;
  onSelect: (key: string) => void;
}) {
  const router = useRouter();
  const row = useRef<HTMLTableRowElement>(null);
  const status = STATUS_MARK[trace.status];
  const href = traceHref(trace);
  useEffect(() => {
    if (!selected) return;
    row.current?.scrollIntoView({ block: 'nearest' });
    row.current?.focus({ preventScroll: true });
  }, [selected]);
  return (
    <tr
      ref={row}
      data-href={href}
      data-trace={trace.trace_key}
      aria-selected={selected}
      tabIndex={tabbed ? 0 : -1}
      onClick={(event) => {
        if (event.target instanceof HTMLElement && event.target.closest('a') !== null) return;
        if (selected) router.push(href);
        else onSelect(trace.trace_key);
      }}
      onDoubleClick={() => router.push(href)}
    >
      <td>
        <StateTag kind={status.mark} word={status.word} />
      </td>
      <td className="f1 phone-off">
        <Instant at={trace.started_at} digits="ms" />
      </td>
      <td>
        <Link href={href} className="x" tabIndex={-1}>
          <Identifier text={trace.correlation_id.slice(0, 48)} bright={8} className="m" />
        </Link>
      </td>
      <td className="phone-off">{trace.flow ?? <Types types={trace.event_types} />}</td>
      <td className="t12 f1 phone-off">
        <Services services={trace.services} />
      </td>
      <td className="num phone-off">{formatCount(trace.event_count)}</td>
      <td className="num">
        {trace.event_count > 1 ? <Duration ms={trace.duration_ms} /> : <span className="f2">–</span>}
      </td>
    </tr>
  );
}

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
