'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useRangeData } from '@/components/live/use-range-data.ts';
import { traceHref } from '@/components/trace/trace-path.ts';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Fact } from '@/components/ui/inspector.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { STATUS_MARK } from '@/components/ui/mark-kind.ts';
import { Num } from '@/components/ui/num.tsx';
import { StateMark, StateTag } from '@/components/ui/state-mark.tsx';
import type { FlowEdge, FlowGroup } from '@/server/model/flow-wire.ts';
import type { TraceList, TraceSummary } from '@/server/model/wire.ts';
import { type Bundle, type FlowGraph, type GraphNode, groupsByName } from './flow-graph.ts';
import { isFinding, STATE_WORDS } from './flow-state.ts';
import { perMinute } from './map-looks.ts';
import { newestPath, serviceTracesHref, typeTracesHref } from './traces-of.ts';
import { worstFirst } from './walk-map.ts';

interface InspectorProps {
  readonly graph: FlowGraph;
  /** Id of a bundle or a node. */
  readonly shown: string;
  readonly bound: boolean;
  readonly range: string;
  readonly chosen: boolean;
  readonly onSelect: (id: string | null) => void;
}

/** One edge or place: its facts, what goes along it, and its newest traces; docked under the map. */
export function FlowInspector({ graph, shown, bound, range, chosen, onSelect }: InspectorProps) {
  const bundle = graph.bundles.find(({ id }) => id === shown);
  const node = graph.nodes.find(({ id }) => id === shown);
  if (bundle === undefined && node === undefined) return null;
  return (
    <section className={`flow-dock ${chosen ? 'sheet' : ''}`} aria-label="Selected on the map">
      {bundle === undefined ? null : <BundleParts {...{ bundle, graph, bound, range, onSelect }} />}
      {bundle !== undefined || node === undefined ? null : <NodeParts {...{ node, graph, bound, range, onSelect }} />}
    </section>
  );
}

interface PartProps extends Pick<InspectorProps, 'graph' | 'bound' | 'range' | 'onSelect'> {}

function BundleParts({ bundle, graph, bound, range, onSelect }: PartProps & { bundle: Bundle }) {
  const nameOf = (id: string) => graph.nodes.find((node) => node.id === id)?.name ?? id;
  const [main] = bundle.parts;
  const inferred = bundle.inferred_share;
  return (
    <>
      <div>
        <Head
          title={
            <>
              <Go id={bundle.from} onSelect={onSelect} name={nameOf(bundle.from)} /> <span className="f2">→</span>{' '}
              <Go id={bundle.to} onSelect={onSelect} name={nameOf(bundle.to)} />
            </>
          }
          onClose={() => onSelect(null)}
        />
        <div className="facts-of">
          <StateTag kind={bundle.state} word={STATE_WORDS[bundle.state]} wash={isFinding(bundle.state)} />
          <dl className="dl">
            {bundle.parts.map(({ id, event_type, stopped }) =>
              stopped === null ? null : (
                <Fact key={id} name="Stopped since">
                  <Instant at={stopped.since} relative />, {formatCounted(stopped.traces, 'trace')} after{' '}
                  <Identifier text={event_type} className="m" />
                </Fact>
              ),
            )}
            <Fact name="Events">
              <Num
                value={bundle.count}
                bound={bound && bundle.count > 0}
                {...(main === undefined ? {} : { href: typeTracesHref(main.event_type, range) })}
              />
              {bundle.count === 0 ? ' in this range' : ', '}
              {bundle.count === 0 ? null : <span className="m">{perMinute(bundle.rate_per_s)}</span>}
            </Fact>
            {main === undefined || main.measured === 0 ? null : (
              <Fact name="Hop p50, 95, 99" mono>
                {[main.p50_ms, main.p95_ms, main.p99_ms]
                  .map((ms) => (ms === null ? 'too few' : formatDuration(ms)))
                  .join(' · ')}
              </Fact>
            )}
            {main?.max_ms == null ? null : (
              <Fact name="Slowest" mono>
                {formatDuration(main.max_ms)}
              </Fact>
            )}
            {inferred === null ? null : (
              <Fact name="Evidence">
                {inferred === 0 ? 'all causes named' : `${formatShare(inferred)} of causes inferred`}
              </Fact>
            )}
            {groupsByName(bundle.groups).map((group) => (
              <GroupFact key={group.group} group={group} />
            ))}
          </dl>
        </div>
      </div>
      <Types parts={bundle.parts} bound={bound} range={range} />
      {main === undefined ? (
        <Nothing title="Newest traces" words="Nothing went along here in this range." />
      ) : (
        <Newest
          title="Newest traces"
          query={{ event_type: main.event_type }}
          href={typeTracesHref(main.event_type, range)}
        />
      )}
    </>
  );
}

function NodeParts({ node, graph, bound, range, onSelect }: PartProps & { node: GraphNode }) {
  const edges = worstFirst(graph.bundles.filter(({ from, to }) => from === node.id || to === node.id));
  const service = node.kind === 'service' && node.name !== '';
  const type = edges.flatMap(({ parts }) => parts)[0]?.event_type;
  return (
    <>
      <div>
        <Head
          title={<Identifier text={node.name === '' ? 'no service named' : node.name} className="m" />}
          onClose={() => onSelect(null)}
        />
        <div className="facts-of">
          <StateTag kind={node.state} word={STATE_WORDS[node.state]} wash={isFinding(node.state)} />
          <dl className="dl">
            <Fact name={node.kind === 'service' ? 'Sent' : 'Carried'}>
              <Num
                value={node.count}
                bound={bound && node.count > 0}
                {...(service ? { href: serviceTracesHref(node.name, range) } : {})}
              />
              , <span className="m">{perMinute(node.rate_per_s)}</span>
            </Fact>
            <Fact name="Hop p95 into it" mono>
              {node.p95_ms === null ? 'too few' : formatDuration(node.p95_ms)}
            </Fact>
            {node.system === null ? null : (
              <Fact name="System">
                <Identifier text={node.system} />
              </Fact>
            )}
            {node.dead_letter_depth === null ? null : (
              <Fact name="Dead letters">
                <span className="m">{formatCount(node.dead_letter_depth)}</span> deep
              </Fact>
            )}
            {node.violation_count === 0 ? null : (
              <Fact name="Violations" mono>
                {formatCount(node.violation_count)}
              </Fact>
            )}
            {node.holes === 0 ? null : (
              <Fact name="Holes">
                <Link className="x m" href={`/topics?tab=holes${range === '' ? '' : `&${range}`}`}>
                  {formatCount(node.holes)}
                </Link>
                , <span className="m">{formatCounted(node.missing, 'record')}</span> missing
              </Fact>
            )}
            {node.folds.length === 0 ? null : (
              <Fact name="Stands for">{formatCounted(node.folds.length, 'topic')}</Fact>
            )}
            {node.groups.map((group) => (
              <GroupFact key={`${group.topic}${group.group}`} group={group} />
            ))}
          </dl>
        </div>
      </div>
      <Neighbours node={node} edges={edges} graph={graph} onSelect={onSelect} />
      {service || type !== undefined ? (
        <Newest
          title="Newest traces"
          query={service ? { service: node.name } : { event_type: type ?? '' }}
          href={service ? serviceTracesHref(node.name, range) : typeTracesHref(type ?? '', range)}
        />
      ) : (
        <Nothing title="Newest traces" words="No event seen here in this range." />
      )}
    </>
  );
}

function Head({ title, onClose }: { title: ReactNode; onClose: () => void }) {
  return (
    <div className="sec">
      <h3 className="el">{title}</h3>
      <button type="button" className="ctl narrow-only sp" onClick={onClose}>
        Close
      </button>
    </div>
  );
}

function Go({ id, name, onSelect }: { id: string; name: string; onSelect: (id: string) => void }) {
  return (
    <button type="button" className="x el" onClick={() => onSelect(id)}>
      <Identifier text={name === '' ? 'no service named' : name} className="m" />
    </button>
  );
}

function GroupFact({ group: { group, members, lag } }: { group: FlowGroup }) {
  return (
    <Fact name="Group">
      <Link className="x" href={`/topics?${new URLSearchParams({ tab: 'groups', sel: group })}`}>
        <Identifier text={group} className="m" />
      </Link>
      ,{' '}
      {members === null ? (
        'members not known'
      ) : (
        <span className={members === 0 ? 'b f0' : ''}>
          {members === 0 ? 'no members' : formatCounted(members, 'member')}
        </span>
      )}
      , <span className="m">{lag === null ? 'lag not known' : `${formatCount(lag)} unread`}</span>
    </Fact>
  );
}

function Types({ parts, bound, range }: { parts: readonly FlowEdge[]; bound: boolean; range: string }) {
  if (parts.length === 0)
    return <Nothing title="Event types" words="A group reads here, and nothing was seen to act." />;
  const columns: readonly Column<FlowEdge>[] = [
    {
      name: 'Event type',
      cell: ({ event_type, state }) => (
        <span className="flex min-w-0 items-center gap-2">
          <StateMark kind={state} />
          <Identifier text={event_type} className="m el" />
        </span>
      ),
    },
    {
      name: 'Events',
      width: 'w-[92px]',
      num: true,
      cell: ({ count, event_type }) => (
        <Num value={count} bound={bound && count > 0} href={typeTracesHref(event_type, range)} />
      ),
    },
    {
      name: 'p95',
      width: 'w-[90px]',
      num: true,
      cell: ({ p95_ms, measured, event_type }) =>
        p95_ms === null ? (
          <span className="f2">{measured === 0 ? '–' : 'too few'}</span>
        ) : (
          <Link className="x" href={`/latency?${latencyQuery(range, event_type)}`}>
            {formatDuration(p95_ms)}
          </Link>
        ),
    },
  ];
  return (
    <div>
      <div className="sec">
        <h3>Event types</h3>
        <span className="sp m">{formatCount(parts.length)}</span>
      </div>
      <div className="dock-rows">
        <DataTable label="Event types" columns={columns} rows={parts} keyOf={({ id }) => id} />
      </div>
    </div>
  );
}

function Neighbours({
  node,
  edges,
  graph,
  onSelect,
}: {
  node: GraphNode;
  edges: readonly Bundle[];
  graph: FlowGraph;
  onSelect: (id: string) => void;
}) {
  if (edges.length === 0) return <Nothing title="Edges" words="Nothing came or went here in this range." />;
  const nameOf = (id: string) => graph.nodes.find((one) => one.id === id)?.name ?? id;
  const columns: readonly Column<Bundle>[] = [
    {
      name: 'Edge',
      cell: ({ id, from, to, state }) => (
        <span className="flex min-w-0 items-center gap-2">
          <StateMark kind={state} />
          <span className="f2 flex-none">{from === node.id ? 'to' : 'from'}</span>
          <Go id={id} name={nameOf(from === node.id ? to : from)} onSelect={onSelect} />
        </span>
      ),
    },
    { name: 'Rate', width: 'w-[110px]', num: true, cell: ({ rate_per_s }) => perMinute(rate_per_s) },
  ];
  return (
    <div>
      <div className="sec">
        <h3>Edges</h3>
        <span className="sp m">{formatCount(edges.length)}</span>
      </div>
      <div className="dock-rows">
        <DataTable label="Edges" columns={columns} rows={edges} keyOf={({ id }) => id} />
      </div>
    </div>
  );
}

const TRACE_COLUMNS: readonly Column<TraceSummary>[] = [
  {
    name: 'Trace',
    cell: (trace) => {
      const { mark, word } = STATUS_MARK[trace.status];
      return (
        <span className="flex min-w-0 items-center gap-2">
          <span role="img" aria-label={word} title={word} className="leading-none">
            <StateMark kind={mark} />
          </span>
          <Link className="x m el" href={traceHref(trace)}>
            <Identifier text={trace.correlation_id.slice(0, 8)} />
          </Link>
        </span>
      );
    },
  },
  { name: 'Started', width: 'w-[110px]', num: true, ink: 'f1', cell: ({ started_at }) => <Instant at={started_at} /> },
  { name: 'Took', width: 'w-[96px]', num: true, cell: ({ duration_ms }) => formatDuration(duration_ms) },
];

function Newest({ title, query, href }: { title: string; query: Readonly<Record<string, string>>; href: string }) {
  const { data } = useRangeData<TraceList>((range) => newestPath(query, range), {
    everyMs: 2000,
    asked: JSON.stringify(query),
  });
  const traces = data.value?.traces ?? [];
  return (
    <div>
      <div className="sec">
        <h3>{title}</h3>
        <Link className="sp x" href={href}>
          all of them
        </Link>
      </div>
      {traces.length === 0 ? (
        <p className="note facts-of">
          {data.kind === 'failed'
            ? data.problem
            : data.kind === 'loading'
              ? ''
              : 'No trace of this range holds such an event.'}
        </p>
      ) : (
        <div className="dock-rows">
          <DataTable label={title} columns={TRACE_COLUMNS} rows={traces} keyOf={({ trace_key }) => trace_key} />
        </div>
      )}
    </div>
  );
}

function Nothing({ title, words }: { title: string; words: string }) {
  return (
    <div>
      <div className="sec">
        <h3>{title}</h3>
      </div>
      <p className="note facts-of">{words}</p>
    </div>
  );
}

function latencyQuery(range: string, eventType: string): URLSearchParams {
  const params = new URLSearchParams(range);
  params.set('sel', eventType);
  return params;
}
