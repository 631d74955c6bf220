import type { DriftList, DriftWire } from '../model/drift-wire.ts';
import { type Micros, micros, microsToRfc3339 } from '../model/time.ts';
import type { DriftReader } from '../ports/drift.ts';
import type { FieldCounts, FieldRow } from '../ports/field-counts.ts';
import { LEAST_EVENTS } from '../schema/drift.ts';
import { type DatedDrift, driftsOverTime } from '../schema/drifts-over-time.ts';
import { type FieldSummary, MOST_SUMMARY_PATHS, newTally, summaryOf } from '../schema/field-summary.ts';
import { FIELD_TYPES } from '../schema/field-types.ts';

const HOUR_US = 3_600_000_000;
/** What is looked at before a range, to know what its events are held against. */
const LEARNED_US = 7 * 24 * HOUR_US;
const MOST_STEPS = 48;
const MOST_DRIFTS = 200;
const MOST_SERVICES = 10;

/** Drift from the counts of fields: the rows of a type are made to summaries of steps, and those compared. */
export function createDriftReader(counts: FieldCounts): DriftReader {
  return async ({ from, to, eventType }) => {
    const begin = micros(Math.floor(from / HOUR_US) * HOUR_US);
    const hours = Math.max(1, Math.ceil((to - begin) / HOUR_US));
    const stepUs = Math.ceil(hours / MOST_STEPS) * HOUR_US;
    const end = micros(begin + hours * HOUR_US);
    const learnedFrom = micros(begin - LEARNED_US);
    const rows = await counts.read({
      ...{ learnedFrom, from: begin, to: end, stepUs },
      ...(eventType !== undefined && { eventType }),
    });
    const types = byType(rows).map((all) => typeDrifts(all, begin, stepUs, Math.ceil((hours * HOUR_US) / stepUs)));
    const drifts = types.flatMap((each) => each.drifts).sort(newestFirst);
    return {
      ...{ from: microsToRfc3339(begin), to: microsToRfc3339(end), learned_from: microsToRfc3339(learnedFrom) },
      ...{ drifts: drifts.slice(0, MOST_DRIFTS), more: drifts.length > MOST_DRIFTS },
      event_types: { sampled: types.length, judged: types.filter(({ judged }) => judged).length },
      sampled_events: `${rows.reduce((sum, { path, events }) => sum + (path === '' ? events : 0), 0)}`,
    } satisfies Omit<DriftList, 'as_of' | 'coverage'>;
  };
}

function newestFirst(a: DriftWire, b: DriftWire): number {
  return order(b.since, a.since) || order(a.event_type, b.event_type) || order(a.path, b.path);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rows come ordered by type. */
function byType(rows: readonly FieldRow[]): readonly (readonly FieldRow[])[] {
  const all = new Map<string, FieldRow[]>();
  for (const row of rows) {
    const known = all.get(row.eventType);
    if (known === undefined) all.set(row.eventType, [row]);
    else known.push(row);
  }
  return [...all.values()];
}

function typeDrifts(rows: readonly FieldRow[], begin: Micros, stepUs: number, steps: number) {
  const at: FieldRow[][] = Array.from({ length: steps + 1 }, () => []);
  for (const row of rows) at[row.step + 1]?.push(row);
  const [before = NOTHING, ...summaries] = at.map(summaryOfRows);
  const drifts = driftsOverTime(before, summaries).map((drift) => toWire(drift, rows, begin, stepUs));
  return { drifts, judged: isJudged([before, ...summaries]) };
}

const NOTHING = summaryOf(newTally());

function summaryOfRows(rows: readonly FieldRow[]): FieldSummary {
  const tally = newTally();
  for (const { path, typeSet, events, cutEvents } of rows) {
    if (path === '') {
      tally.events += events;
      tally.cutEvents += cutEvents;
    }
    const count = tally.fields.get(path) ?? { present: 0, types: FIELD_TYPES.map(() => 0) };
    tally.fields.set(path, count);
    count.present += events;
    for (let type = 0; type < count.types.length; type += 1) {
      if ((typeSet & (1 << type)) !== 0) count.types[type] = (count.types[type] ?? 0) + events;
    }
  }
  return tally.fields.size > MOST_SUMMARY_PATHS ? summaryOf(tally) : tally;
}

/** Enough events on both sides of some begin of a step. */
function isJudged(summaries: readonly FieldSummary[]): boolean {
  const all = summaries.reduce((sum, { events }) => sum + events, 0);
  let earlier = 0;
  return summaries.some(({ events }) => {
    earlier += events;
    return earlier >= LEAST_EVENTS && all - earlier >= LEAST_EVENTS;
  });
}

function toWire(drift: DatedDrift, rows: readonly FieldRow[], begin: Micros, stepUs: number): DriftWire {
  const { path, kind, sentence, step } = drift;
  const side = (now: boolean, of: string) => rows.filter((row) => row.path === of && row.step >= step === now);
  const was = side(false, path);
  const is = side(true, path);
  // Types that were there before are no news.
  const news = kind === 'changed type' ? is.filter((row) => !was.some(({ typeSet }) => typeSet === row.typeSet)) : is;
  const told = kind === 'vanished' ? was : news.length > 0 ? news : is;
  const stepBegin = micros(begin + step * stepUs);
  return {
    event_type: rows[0]?.eventType ?? '',
    ...{ path, kind, sentence },
    since: microsToRfc3339(sinceOf(kind, told) ?? stepBegin),
    ...{ before: wireSide(drift.before), now: wireSide(drift.now) },
    services: servicesOf(told),
    samples: {
      before: newestOf(kind === 'appeared' ? side(false, '') : was),
      now: newestOf(kind === 'vanished' ? side(true, '') : told),
    },
  };
}

function wireSide({ events, present, types }: DatedDrift['now']): DriftWire['now'] {
  return { events, present, types };
}

/** Null where the begin of a step is all that is known. */
function sinceOf(kind: DriftWire['kind'], rows: readonly FieldRow[]): Micros | null {
  if (rows.length === 0) return null;
  switch (kind) {
    case 'appeared':
    case 'changed type':
      return micros(rows.reduce((first, { firstAt }) => Math.min(first, firstAt), Number.POSITIVE_INFINITY));
    case 'vanished':
      return micros(rows.reduce((last, { lastAt }) => Math.max(last, lastAt), Number.NEGATIVE_INFINITY));
    default:
      return null;
  }
}

function servicesOf(rows: readonly FieldRow[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const { service, events } of rows) if (service !== null) sums.set(service, (sums.get(service) ?? 0) + events);
  const sorted = [...sums].sort(([a, m], [b, n]) => n - m || order(a, b));
  return sorted.slice(0, MOST_SERVICES).map(([service]) => service);
}

function newestOf(rows: readonly FieldRow[]): string | null {
  let newest: FieldRow | null = null;
  for (const row of rows) if (newest === null || isLater(row, newest)) newest = row;
  return newest?.lastEvent ?? null;
}

function isLater(a: FieldRow, b: FieldRow): boolean {
  return a.lastAt > b.lastAt || (a.lastAt === b.lastAt && a.lastEvent > b.lastEvent);
}
