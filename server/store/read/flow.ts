import type { Pool } from 'pg';
import type { AsOf } from '../../model/as-of.ts';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import type { FlowAnswer, FlowEdge, FlowNode, FlowState, FlowStop } from '../../model/flow-wire.ts';
import type { Objectives } from '../../model/objectives.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import { type FlowFacts, readFlowFacts } from './flow-facts.ts';
import { readFlowGroups } from './flow-groups.ts';
import { bothStops, readStops } from './flow-stops.ts';
import type { GroupContext } from './groups-of-service.ts';
import { JudgedTimes } from './judged-times.ts';
import type { SumBucket, SumReader } from './sums/read-sums.ts';
import type { Series } from './sums/series-names.ts';
import { type StillSums, splitBuckets } from './sums/still-sums.ts';
import { TimeSum } from './sums/time-sum.ts';

export interface FlowContext extends GroupContext {
  readonly pool: Pool;
  readonly sums: SumReader;
  readonly nowUs: Micros;
  readonly stillSeries: StillSeries;
  readonly objectives: Pick<Objectives, 'hopMs'>;
  readonly systemOf: (service: string) => string | null;
  /** Which topics are queues. */
  readonly names: QueueNames;
}

/**
 * The map of a range: services, topics, and what went between them, from sums alone. An event goes from the service that
 * sent it onto its topic; it makes another service act when that service's event has it for its cause.
 */
export async function readFlow(
  context: FlowContext,
  asked: { readonly from: Micros; readonly to: Micros },
): Promise<Omit<FlowAnswer, keyof AsOf | 'settled_to'>> {
  const { pool, workspaceId, declared, sums, nowUs, stillSeries, objectives, systemOf } = context;
  const range = await sums.rangeOf(asked);
  const nodes = new Map<string, Part>();
  const edges = new Map<string, EdgePart>();
  for (const { series, times } of bySeries(await sums.read(range), JSON.stringify(range), stillSeries).values()) {
    const objectiveMs = objectives.hopMs(series.effectType);
    for (const id of [serviceId(series), topicId(series.effectFamily)])
      partOf(nodes, id, newPart).times.add(times, objectiveMs);
    for (const edge of edgesOf(series))
      partOf(edges, edge.id, () => ({ ...edge, ...newPart() })).times.add(times, objectiveMs);
    if (series.causeFamily !== '') partOf(nodes, topicId(series.causeFamily), newPart);
  }
  const stops = new Map<string, FlowStop>();
  for (const stop of await readStops(pool, workspaceId, range.to)) {
    const [from, to] = [topicId(stop.topicFamily), `service:${stop.service ?? ''}`];
    const stopped = edge('consumes', from, to, stop.eventType);
    stops.set(stopped.id, bothStops(stops.get(stopped.id), stop));
    // It may be so long ago that nothing of it is in the range.
    for (const id of [from, to]) partOf(nodes, id, newPart);
    partOf(edges, stopped.id, () => ({ ...stopped, ...newPart() }));
  }
  // What is to come of the last sum holds nothing yet.
  const seconds = ((nowUs > range.from ? Math.min(range.to, nowUs) : range.to) - range.from) / 1e6;
  const groups = await readFlowGroups(pool, { workspaceId, declared }, nodes);
  for (const { topic } of groups) partOf(nodes, topic, newPart);
  const facts = await readFlowFacts(context, range);
  const violating = violatingAt(facts);
  return {
    from: microsToRfc3339(range.from),
    to: microsToRfc3339(range.to),
    nodes: [...nodes].map(([id, { times }]) =>
      toNode({ id, times, seconds, systemOf, facts, violating: violating.get(id) ?? 0 }),
    ),
    edges: [...edges.values()].map((edge) =>
      toEdge(edge, seconds, { stopped: stops.get(edge.id) ?? null, violating: violating.has(edge.id) }),
    ),
    groups,
  };
}

/** What each series of hops took. */
type SeriesTimes = ReadonlyMap<number, { readonly series: Series; readonly times: TimeSum }>;

/** What is remembered of series between answers. */
export type StillSeries = StillSums<SeriesTimes>;

function bySeries(buckets: readonly SumBucket[], question: string, remembered: StillSeries): SeriesTimes {
  const { still, rest } = splitBuckets(buckets);
  const kept = remembered.of(question, still, () => addBuckets(new Map(), still));
  const copy = new Map<number, { readonly series: Series; readonly times: TimeSum }>();
  for (const [id, { series, times }] of kept) {
    const entry = { series, times: new TimeSum('all') };
    entry.times.addSum(times);
    copy.set(id, entry);
  }
  return addBuckets(copy, rest);
}

function addBuckets(
  found: Map<number, { readonly series: Series; readonly times: TimeSum }>,
  buckets: readonly SumBucket[],
): SeriesTimes {
  for (const { parts } of buckets) {
    for (const sum of parts.flat()) {
      const { series } = sum;
      if (series.kind !== 'hop') continue;
      let entry = found.get(series.id);
      if (entry === undefined) {
        entry = { series, times: new TimeSum('all') };
        found.set(series.id, entry);
      }
      entry.times.add(sum);
    }
  }
  return found;
}

interface Part {
  readonly times: JudgedTimes;
}

type EdgePart = Part & Pick<FlowEdge, 'id' | 'from' | 'to' | 'kind' | 'event_type'>;

const newPart = (): Part => ({ times: new JudgedTimes() });

function partOf<P>(parts: Map<string, P>, id: string, make: () => P): P {
  let part = parts.get(id);
  if (part === undefined) {
    part = make();
    parts.set(id, part);
  }
  return part;
}

/** The node of a topic family. */
function topicId(family: string): string {
  return `topic:${family}`;
}

function serviceId({ effectService }: Series): string {
  return `service:${effectService ?? ''}`;
}

function edgesOf(series: Series): readonly Omit<EdgePart, 'times'>[] {
  const service = serviceId(series);
  const produced = edge('produces', service, topicId(series.effectFamily), series.effectType ?? '');
  if (series.causeFamily === '') return [produced];
  return [produced, edge('consumes', topicId(series.causeFamily), service, series.causeType ?? '')];
}

function edge(kind: FlowEdge['kind'], from: string, to: string, eventType: string): Omit<EdgePart, 'times'> {
  return { id: JSON.stringify([from, to, eventType]), from, to, kind, event_type: eventType };
}

/** Events that violate, by the ids of nodes and of the edges on which they were sent. */
function violatingAt({ violating }: FlowFacts): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { family, service, eventType, events } of violating) {
    const [from, to] = [`service:${service}`, topicId(family)];
    for (const id of [from, to, edge('produces', from, to, eventType).id]) {
      counts.set(id, (counts.get(id) ?? 0) + events);
    }
  }
  return counts;
}

interface NodeParts extends Part, Pick<FlowContext, 'systemOf'> {
  readonly id: string;
  readonly seconds: number;
  readonly facts: FlowFacts;
  readonly violating: number;
}

function toNode({ id, times, seconds, systemOf, facts, violating }: NodeParts): FlowNode {
  const total = times.total();
  const isTopic = id.startsWith('topic:');
  const name = id.slice(id.indexOf(':') + 1);
  const topic = isTopic ? facts.topics.get(name) : undefined;
  const deadLetters = topic?.deadLetters === true;
  return {
    id,
    kind: isTopic ? 'topic' : 'service',
    name,
    system: isTopic ? null : systemOf(name),
    rate_per_s: total.effects / seconds,
    count: total.effects,
    p95_ms: total.percentiles().p95_ms,
    dead_letter_depth: topic?.depth == null ? null : Number(topic.depth),
    violation_count: violating,
    holes: topic?.holes ?? 0,
    missing: `${topic?.missing ?? 0n}`,
    dead_letters: deadLetters,
    state: deadLetters && total.effects > 0 ? 'dead' : stateOf(total, times, violating > 0),
  };
}

function toEdge(
  { id, from, to, kind, event_type, times }: EdgePart,
  seconds: number,
  { stopped, violating }: { readonly stopped: FlowStop | null; readonly violating: boolean },
): FlowEdge {
  const total = times.total();
  // Field by field: to spread them takes microseconds, and a map has hundreds of edges.
  const { measured, p50_ms, p95_ms, p99_ms, max_ms } = total.percentiles();
  return {
    id,
    from,
    to,
    kind,
    event_type,
    measured,
    p50_ms,
    p95_ms,
    p99_ms,
    max_ms,
    count: total.effects,
    rate_per_s: total.effects / seconds,
    inferred_share: total.inferredShare(),
    stopped,
    state: stopped === null ? stateOf(total, times, violating) : 'stalled',
  };
}

function stateOf(total: TimeSum, times: JudgedTimes, violating: boolean): FlowState {
  if (violating) return 'violating';
  if (total.effects === 0) return 'unknown';
  return times.slow ? 'slow' : 'flowing';
}
