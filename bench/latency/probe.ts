import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { traceKey } from '../../server/model/trace-key.ts';
import { WORKSPACE_ID } from '../../server/model/workspace.ts';
import type { Sample } from './produce-at-rate.ts';

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Milliseconds from produce until an event was found. */
export interface Latencies {
  readonly samples: number;
  /** Until Kafka acknowledged it: the part that is not ours. */
  readonly acknowledged: Percentiles;
  readonly coordinates: Percentiles;
  readonly traceKey: Percentiles;
  /** Until its trace was settled with it. */
  readonly settled: Percentiles;
}

/** Between two looks. Settle takes its time by design, and is looked at less often. */
const PAUSE_MS = 4;
const SETTLED_PAUSE_MS = 25;
const PATIENCE_MS = 60_000;

/** Looks samples up again and again until each is found; each way of looking in a loop and a connection of its own. */
export function createProbe(pool: pg.Pool, topic: string) {
  let over = false;
  const acknowledged: number[] = [];
  const ways = {
    coordinates: createWay(pool, 'by-coordinates', BY_COORDINATES, PAUSE_MS),
    traceKey: createWay(pool, 'by-trace-key', BY_TRACE_KEY, PAUSE_MS),
    settled: createWay(pool, 'settled', SETTLED, SETTLED_PAUSE_MS),
  };
  const loops = Object.values(ways).map((way) => way.run(() => over));
  let incarnationId = 0;
  return {
    /** Resolves once the tap knows the topic. */
    async ready(): Promise<void> {
      for (;;) {
        const { rows } = await pool.query<{ id: number }>(
          `select i.id from incarnation i where i.topic = $1
           and exists (select from partition_state p where p.incarnation_id = i.id)`,
          [topic],
        );
        incarnationId = rows[0]?.id ?? 0;
        if (incarnationId > 0) return;
        await wait(100);
      }
    },
    add(sample: Sample): void {
      acknowledged.push(sample.acknowledgedAfterMs);
      const place = { ...sample, incarnationId, key: traceKey(WORKSPACE_ID, 'correlation', sample.correlationId) };
      for (const way of Object.values(ways)) way.add(place);
    },
    /** Waits for what is not found yet, and answers. Throws when something is never found. */
    async finish(): Promise<Latencies> {
      over = true;
      await Promise.all(loops);
      return {
        samples: ways.coordinates.found.length,
        acknowledged: percentiles(acknowledged),
        coordinates: percentiles(ways.coordinates.found),
        traceKey: percentiles(ways.traceKey.found),
        settled: percentiles(ways.settled.found),
      };
    },
  };
}

interface Place extends Sample {
  readonly incarnationId: number;
  readonly key: string;
}

function createWay(pool: pg.Pool, name: string, text: string, pauseMs: number) {
  let waiting: Place[] = [];
  const found: number[] = [];
  return {
    found,
    add: (place: Place) => void waiting.push(place),
    async run(isOver: () => boolean): Promise<void> {
      while (!isOver() || waiting.length > 0) {
        if (waiting.length > 0) await look();
        await wait(pauseMs);
      }
    },
  };

  async function look(): Promise<void> {
    const asked = waiting.slice(0, 200);
    const { rows } = await pool.query<{ place: number }>({
      name,
      text,
      values: [
        asked.map(({ incarnationId }) => incarnationId),
        asked.map(({ partition }) => partition),
        asked.map(({ offset }) => offset),
        asked.map(({ key }) => key),
      ],
    });
    const now = Date.now();
    const seen = new Set(rows.map((row) => asked[row.place - 1]));
    for (const place of seen) if (place !== undefined) found.push(now - place.atMs);
    waiting = waiting.filter((place) => !seen.has(place));
    const [oldest] = waiting;
    if (oldest !== undefined && now - oldest.atMs > PATIENCE_MS) {
      throw new Error(`partition ${oldest.partition} offset ${oldest.offset} was not found for a minute`);
    }
  }
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

const ASKED = `unnest($1::int[], $2::int[], $3::bigint[], $4::uuid[]) with ordinality
  as a(incarnation_id, partition, at_offset, trace_key, place)`;

// Each place is looked up by itself: a plan that joins, made while the tables are small, reads all of them when they are large,
// and the looking then takes more of the machine than what is measured.

/** As the page of a record finds it: the segment that covers the offset. */
const BY_COORDINATES = `
  select a.place::int from ${ASKED} cross join lateral (
    select base_offset, record_count from segment g
    where g.incarnation_id = a.incarnation_id and g.partition = a.partition and g.base_offset <= a.at_offset
    order by g.base_offset desc limit 1) g
  where a.at_offset < g.base_offset + g.record_count and a.trace_key is not null`;

const BY_TRACE_KEY = `
  select a.place::int from ${ASKED} cross join lateral (
    select from event e where e.stored_day = (now() at time zone 'utc')::date and e.trace_key = a.trace_key
      and e.incarnation_id = a.incarnation_id and e.partition = a.partition and e."offset" = a.at_offset
    limit 1) e`;

const SETTLED = `
  select a.place::int from ${ASKED} cross join lateral (
    select from hop h where h.stored_day = (now() at time zone 'utc')::date and h.trace_key = a.trace_key
      and h.incarnation_id = a.incarnation_id and h.partition = a.partition and h."offset" = a.at_offset
    limit 1) h`;
