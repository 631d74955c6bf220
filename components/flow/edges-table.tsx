'use client';

import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Num } from '@/components/ui/num.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { Bundle, FlowGraph } from './flow-graph.ts';
import { STATE_WORDS } from './flow-state.ts';
import { lineLook, perMinute, waitingOf } from './map-looks.ts';
import { typeTracesHref } from './traces-of.ts';
import { worstFirst } from './walk-map.ts';

interface EdgesTableProps {
  readonly graph: FlowGraph;
  readonly bound: boolean;
  readonly range: string;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** The same as the map, as a table: every edge, the worst first. */
export function EdgesTable({ graph, bound, range, selected, onSelect }: EdgesTableProps) {
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  return (
    <DataTable
      label="Edges, worst first"
      columns={columnsOf(names, bound, range)}
      rows={worstFirst(graph.bundles)}
      keyOf={({ id }) => id}
      grid={{ selected, onSelect }}
    />
  );
}

function columnsOf(names: ReadonlyMap<string, string>, bound: boolean, range: string): Column<Bundle>[] {
  const time = (name: 'p50' | 'p95' | 'p99'): Column<Bundle> => ({
    name,
    width: 'w-[92px]',
    num: true,
    phoneOff: true,
    cell: ({ parts: [part] }) => {
      const ms = part?.[`${name}_ms`] ?? null;
      return ms === null ? (
        <span className="f2">{part === undefined || part.measured === 0 ? '–' : 'too few'}</span>
      ) : (
        formatDuration(ms)
      );
    },
  });
  return [
    {
      name: 'From and to',
      cell: ({ from, to, state }) => (
        <span className="flex min-w-0 items-center gap-2.5">
          <span
            role="img"
            aria-label={STATE_WORDS[state]}
            title={STATE_WORDS[state]}
            className="flex-none leading-none"
          >
            <StateMark kind={state} />
          </span>
          <span className="el">
            <Identifier text={names.get(from) ?? from} className="m" /> <span className="f2">→</span>{' '}
            <Identifier text={names.get(to) ?? to} className="m" />
          </span>
        </span>
      ),
    },
    {
      name: 'State',
      head: 'State ↓',
      sorted: 'descending',
      width: 'w-[172px]',
      phoneOff: true,
      ink: ({ state }) => `st-${state}`,
      cell: (bundle) => `${STATE_WORDS[bundle.state]}${isWaiting(bundle) ? `, ${lineLook(bundle).label}` : ''}`,
    },
    {
      name: 'Event type',
      width: 'w-[22%]',
      phoneOff: true,
      cell: ({ parts }) => (
        <>
          {parts[0] === undefined ? (
            <span className="f2">–</span>
          ) : (
            <Identifier text={parts[0].event_type} className="m" />
          )}
          {parts.length > 1 ? <span className="f2"> and {parts.length - 1} more</span> : null}
        </>
      ),
    },
    {
      name: 'Events',
      width: 'w-[96px]',
      num: true,
      phoneOff: true,
      cell: ({ parts, count }) => (
        <Num value={count} bound={bound && count > 0} {...hrefOf(parts[0]?.event_type, range)} />
      ),
    },
    {
      name: 'Rate',
      width: 'w-[104px] max-[599px]:w-[104px]',
      num: true,
      cell: (bundle) =>
        isWaiting(bundle) ? (
          <>
            <span className="narrow-only">{lineLook(bundle).label}</span>
            <span className="phone-off">{perMinute(bundle.rate_per_s)}</span>
          </>
        ) : (
          perMinute(bundle.rate_per_s)
        ),
    },
    time('p50'),
    time('p95'),
    time('p99'),
  ];
}

function isWaiting(bundle: Bundle): boolean {
  return bundle.state === 'stalled' && (waitingOf(bundle) ?? '0') !== '0';
}

function hrefOf(type: string | undefined, range: string): { href?: string } {
  return type === undefined ? {} : { href: typeTracesHref(type, range) };
}
