import type { LatencyPoint, LatencyRow } from '../../model/latency-wire.ts';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import type { LatencyQuery } from '../../ports/reads.ts';
import type { Holder } from '../sum-row.ts';
import type { ExemplarSource } from './sums/exemplars.ts';
import type { SeriesSum, SumBucket } from './sums/read-sums.ts';
import type { Series } from './sums/series-names.ts';
import type { SumRange } from './sums/sum-range.ts';
import { type FrozenTimes, TimeSum } from './sums/time-sum.ts';

/** What a row of an answer stands for. */
export type RowName = Pick<LatencyRow, 'event_type' | 'cause_type' | 'service'>;

/** One row as it is summed. */
export interface LatencyGroup extends ExemplarSource {
  readonly name: RowName;
  readonly points: LatencyPoint[];
  readonly seriesIds: (readonly number[])[];
  readonly held: Holder[];
}

/** Most times that exemplars of a row are chosen from. */
const MOST_HELD = 240;

interface Points {
  readonly range: SumRange;
  /** How many sums in a row make one point. */
  readonly each: number;
  readonly nowUs: Micros;
}

/** The rows of an answer, with their points in order of time. */
export function collectGroups(
  buckets: readonly SumBucket[],
  query: LatencyQuery,
  { range, each, nowUs }: Points,
  grouped: GroupedSums,
): ReadonlyMap<string, LatencyGroup> {
  const groups = new Map<string, LatencyGroup>();
  const stepUs = range.tier.widthUs * each;
  // Sums of minutes are read each time: none of them comes again.
  const partsOf: typeof groupSums = range.tier.hours === null ? groupSums : (sums, asked) => grouped.of(sums, asked);
  let point = new Map<LatencyGroup, FrozenTimes[]>();
  let pointAt = range.from;
  const endPoint = () => {
    const [at, open] = [microsToRfc3339(pointAt), pointAt + stepUs > nowUs];
    for (const [group, parts] of point) {
      const { effects: count, percentiles } = addUp(parts, query);
      if (count === 0) continue;
      // Field by field: to spread one takes microseconds, and there are thousands.
      const { measured, p50_ms, p95_ms, p99_ms, max_ms } = percentiles;
      group.points.push({ at, open, count, measured, p50_ms, p95_ms, p99_ms, max_ms });
    }
    point = new Map();
  };
  for (const { at, parts: shards } of buckets) {
    const begin = micros(range.from + Math.floor((at - range.from) / stepUs) * stepUs);
    if (begin !== pointAt) endPoint();
    pointAt = begin;
    for (const part of shards.flatMap((sums) => partsOf(sums, query))) {
      let group = groups.get(part.key);
      if (group === undefined) {
        group = { name: part.name, total: new TimeSum(query.evidence), points: [], seriesIds: [], held: [] };
        groups.set(part.key, group);
      }
      group.total.addFrozen(part.times);
      group.seriesIds.push(part.seriesIds);
      if (group.held.length < MOST_HELD) group.held.push(...part.held);
      const parts = point.get(group);
      if (parts === undefined) point.set(group, [part.times]);
      else parts.push(part.times);
    }
  }
  endPoint();
  return groups;
}

function addUp(parts: readonly FrozenTimes[], { evidence }: LatencyQuery): FrozenTimes {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const sum = new TimeSum(evidence);
  for (const part of parts) sum.addFrozen(part);
  return sum.freeze();
}

/** What one row took in one bucket of time. */
interface GroupPart {
  readonly key: string;
  readonly name: RowName;
  readonly seriesIds: readonly number[];
  readonly held: readonly Holder[];
  readonly times: FrozenTimes;
}

/** Most parts of rows that are remembered, some 500 bytes each. */
const MOST_REMEMBERED = 40_000;

/**
 * Sums of a bucket by the rows of an answer. As long as a bucket's sums are the very same, and the question is, so are its
 * parts: they are remembered, those asked for longest ago leave first.
 */
export class GroupedSums {
  readonly #remembered = new Map<readonly SeriesSum[], Map<string, readonly GroupPart[]>>();
  #rememberedParts = 0;

  of(sums: readonly SeriesSum[], query: LatencyQuery): readonly GroupPart[] {
    const question = questionOf(query);
    const bySums = this.#remembered.get(sums) ?? new Map<string, readonly GroupPart[]>();
    this.#remembered.delete(sums);
    this.#remembered.set(sums, bySums);
    let parts = bySums.get(question);
    if (parts === undefined) {
      parts = groupSums(sums, query);
      bySums.set(question, parts);
      this.#rememberedParts += parts.length;
      this.#forget();
    }
    return parts;
  }

  #forget(): void {
    for (const [oldest, questions] of this.#remembered) {
      if (this.#rememberedParts <= MOST_REMEMBERED) return;
      this.#remembered.delete(oldest);
      for (const parts of questions.values()) this.#rememberedParts -= parts.length;
    }
  }
}

function questionOf({ subject, group, evidence, eventType, causeType, service }: LatencyQuery): string {
  return JSON.stringify([subject, group, evidence, eventType, causeType, service]);
}

function groupSums(sums: readonly SeriesSum[], query: LatencyQuery): readonly GroupPart[] {
  const found = new Map<string, Omit<GroupPart, 'times'> & { seriesIds: number[]; held: Holder[]; sum: TimeSum }>();
  for (const sum of sums) {
    const name = nameOf(sum.series, query);
    if (name === null) continue;
    const key = JSON.stringify([name.event_type, name.cause_type, name.service]);
    let group = found.get(key);
    if (group === undefined) {
      group = { key, name, seriesIds: [], held: [], sum: new TimeSum(query.evidence) };
      found.set(key, group);
    }
    group.seriesIds.push(sum.series.id);
    group.held.push(...sum.held);
    group.sum.add(sum);
  }
  return [...found.values()].map(({ sum, ...group }) => ({ ...group, times: sum.freeze() }));
}

/** The row a series belongs to; null for none that is asked for. */
function nameOf(series: Series, query: LatencyQuery): RowName | null {
  if (series.kind !== query.subject) return null;
  // A flow is known by what it begins with, a reply by its request.
  const type = query.subject === 'hop' ? series.effectType : series.causeType;
  const cause = query.subject === 'hop' ? series.causeType : series.effectType;
  if (query.eventType !== undefined && type !== query.eventType) return null;
  if (query.causeType !== undefined && cause !== query.causeType) return null;
  if (query.service !== undefined && series.effectService !== query.service) return null;
  switch (query.group) {
    case 'event_type':
      return { event_type: type, cause_type: null, service: null };
    case 'edge':
      return { event_type: type, cause_type: cause, service: null };
    case 'service':
      return { event_type: null, cause_type: null, service: series.effectService };
  }
}
