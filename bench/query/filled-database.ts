import { createHash } from 'node:crypto';
import pg from 'pg';
import { bodyHash } from '../../server/model/body-hash.ts';
import type { PreparedEvent, Term } from '../../server/model/event.ts';
import { UNCHECKED } from '../../server/model/schema-check.ts';
import { fieldTerm } from '../../server/model/search-field.ts';
import { type Micros, micros } from '../../server/model/time.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS } from '../../server/model/trace.ts';
import { idKey, traceKey } from '../../server/model/trace-key.ts';
import { WORKSPACE_ID } from '../../server/model/workspace.ts';
import { SHARDS } from '../../server/ports/settle-store.ts';
import type { TopicPartition } from '../../server/ports/source.ts';
import { settleTraces } from '../../server/settle/settle-traces.ts';
import { createSettleStore } from '../../server/store/settle/settle-store.ts';
import { createIngestStore } from '../../server/store/write/ingest-store.ts';

/** What the database of this bench holds: everything follows from the number of a trace. */
export const TYPES = 200;
const SERVICES = 40;
const TOPICS = 60;
const EVENTS_OF_LONG = 20;
/** Every so many traces one has twenty events; the others have three to six. */
const LONG_EVERY = 35;
const DAY_US = 86_400_000_000;
const EVENTS_A_BATCH = 1_500;
const TRACES_A_SETTLE = 400;

export function correlationIdOf(trace: number): string {
  const hex = createHash('md5').update(`trace ${trace}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function orderIdOf(trace: number): string {
  return `o-${trace}`;
}

export const typeName = (type: number) => `domain${type % 25}.step-${type}.done`;
export const serviceName = (type: number) => `service-${type % SERVICES}`;
export const topicName = (type: number) => `dev.shop${type % TOPICS}.events.v1`;

/** Traces with twenty events, for those who want to look one up. */
export function longTrace(random: number, traces: number): number {
  return Math.floor((random * traces) / LONG_EVERY) * LONG_EVERY;
}

function lengthOf(trace: number): number {
  return trace % LONG_EVERY === 0 ? EVENTS_OF_LONG : 3 + (mix(trace) % 4);
}

/** Each type leads to two others: 400 edges. */
function nextType(type: number, choice: number): number {
  return (type * 2 + 1 + (choice % 2)) % TYPES;
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/**
 * Fills a database with `events` events of the last 24 hours, settled. A tenth of them goes through ingest and settle; the
 * rows of the others are copies under ids of their own, made by PostgreSQL. Answers how many traces they make.
 */
export async function fill(databaseUrl: string, events: number, log: (line: string) => void): Promise<number> {
  const traces = await storeAndSettle(databaseUrl, events / COPIES, log);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await multiply(client, traces, log);
  } finally {
    await client.end();
  }
  return traces * COPIES;
}

const COPIES = 10;

async function storeAndSettle(databaseUrl: string, events: number, log: (line: string) => void): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 6 });
  const ingest = createIngestStore({
    pool,
    workspaceId: WORKSPACE_ID,
    writerId: '00000000-0000-4000-8000-00000000beec',
  });
  const clusterId = await ingest.registerCluster({ kafkaId: 'bench-query', name: 'bench', source: 'kafka' });
  const listed = Array.from({ length: TOPICS }, (_, topic) => ({
    topic: topicName(topic),
    topicId: null,
    partitions: 1,
  }));
  const incarnations = await ingest.registerTopics(clusterId, listed);
  const places = listed.map(({ topic }): TopicPartition => {
    const made = incarnations.find((each) => each.topic === topic);
    if (made === undefined) throw new Error(`${topic} was not registered`);
    return { incarnationId: made.incarnationId, topic, partition: 0 };
  });
  await ingest.begin(places.map((place) => ({ ...place, nextOffset: 0n, backfillEnd: null, leaderEpoch: null })));
  const waiting = places.map(() => [] as PreparedEvent[]);
  const offsets = places.map(() => 0n);
  const now = Date.now() * 1000;
  const traces = Math.floor(events / 5 / LONG_EVERY) * LONG_EVERY;
  const flush = async (place: number): Promise<void> => {
    const [at, batch] = [places[place], waiting[place]];
    const first = batch?.[0];
    if (at === undefined || batch === undefined || first === undefined) return;
    waiting[place] = [];
    const nextOffset = first.offset + BigInt(batch.length);
    const stored = await ingest.storeBatch({
      ...{ ...at, events: batch, expectedOffset: first.offset, nextOffset, highWatermark: nextOffset },
      ...{ storedAt: micros(Date.now() * 1000), owner: null, leaderEpoch: null },
    });
    if (stored.kind !== 'stored') throw new Error(`a batch was not stored: ${JSON.stringify(stored)}`);
  };
  let made = 0;
  const began = performance.now();
  for (let trace = 0; trace < traces; trace += 1) {
    const startedAt = micros(now - DAY_US + Math.floor(((DAY_US - 60_000_000) * trace) / traces));
    for (const [place, event] of eventsOf(trace, startedAt, places, offsets)) {
      waiting[place]?.push(event);
      made += 1;
      if ((waiting[place]?.length ?? 0) >= EVENTS_A_BATCH) await flush(place);
    }
    if (trace % 50_000 === 49_999) {
      for (const place of places.keys()) await flush(place);
      const storedS = (performance.now() - began) / 1000;
      await settleAll(pool);
      await pool.query('analyze');
      log(
        `${made} events stored by ${storedS.toFixed(0)} s, settled by ${((performance.now() - began) / 1000).toFixed(0)} s`,
      );
    }
  }
  for (const place of places.keys()) await flush(place);
  await settleAll(pool);
  await pool.query('vacuum analyze');
  await pool.end();
  return traces;
}

function eventsOf(
  trace: number,
  startedAt: Micros,
  places: readonly TopicPartition[],
  offsets: bigint[],
): (readonly [number, PreparedEvent])[] {
  const id = correlationIdOf(trace);
  const key = traceKey(WORKSPACE_ID, 'correlation', id);
  let type = mix(trace) % TYPES;
  let at = startedAt;
  let before: string | null = null;
  return Array.from({ length: lengthOf(trace) }, (_, step) => {
    const place = type % TOPICS;
    const offset = offsets[place] ?? 0n;
    offsets[place] = offset + 1n;
    const eventId = idKey(`${trace} ${step}`);
    const event = makeEvent({ id, key, type, at, offset, eventId, cause: before, step, place: places[place], trace });
    before = eventId;
    at = micros(at + 2_000 + (mix(trace * 31 + step) % 180_000));
    type = nextType(type, mix(trace * 7 + step));
    return [place, event] as const;
  });
}

interface Made {
  readonly id: string;
  readonly key: string;
  readonly type: number;
  readonly at: Micros;
  readonly offset: bigint;
  readonly eventId: string;
  readonly cause: string | null;
  readonly step: number;
  readonly place: TopicPartition | undefined;
  readonly trace: number;
}

function makeEvent({ id, key, type, at, offset, eventId, cause, step, place, trace }: Made): PreparedEvent {
  const body = {
    ...{ envelope_version: '1.0', correlation_id: id, event_id: eventId, event_type: typeName(type) },
    ...{ timestamp: new Date(at / 1000).toISOString(), source_service: serviceName(type), causation_id: cause },
    payload: { order_id: orderIdOf(trace), step, note: 'customer order payment session '.repeat(1 + (step % 4)) },
  };
  const value = Buffer.from(JSON.stringify(body));
  const terms: Term[] = step === 0 ? [{ kind: 'field', value: fieldTerm('order_id', orderIdOf(trace)) }] : [];
  return {
    ...{ incarnationId: place?.incarnationId ?? 0, partition: 0, offset, traceKey: key, idKind: 'correlation' },
    ...{ idText: id, eventKey: eventId, causationKey: cause, causationIsCorrelation: false },
    ...{ eventType: typeName(type), service: serviceName(type), spanId: null, parentSpanId: null, terms },
    resolution: RESOLUTION,
    ...{
      occurredAt: at,
      recordedAt: at,
      timestampType: 'CreateTime',
      flags: [],
      reason: null,
      check: UNCHECKED,
      deadLetter: null,
    },
    ...{ resolverVersion: 1, maskVersion: 1, bodyHash: bodyHash(value) },
    fields: null,
    raw: { offset, key: Buffer.from(id), headers: [], value },
  };
}

/**
 * Nine more of everything. A copied event lies in a partition of its own with the same offset, so its segment is a copy
 * too: what it holds names the ids of the first, which costs as much to read. Sums stay those of the first tenth: there are
 * as many series and hours as there would be.
 */
async function multiply(client: pg.Client, traces: number, log: (line: string) => void): Promise<void> {
  const began = performance.now();
  await client.query(`
    create temp table numbered as
    select n as number, ${traceKeySql('n')} as trace_key from generate_series(0, ${traces - 1}) as n`);
  await client.query('create index on numbered (trace_key); analyze numbered');
  for (let copy = 1; copy < COPIES; copy += 1) {
    const number = `(n.number + ${copy * traces})`;
    await client.query(`drop table if exists renamed`);
    await client.query(`
      create temp table renamed as select n.trace_key as old_key, ${number} as number, ${traceKeySql(number)} as trace_key,
        ${idSql(number)} as id_text from numbered n`);
    await client.query('create index on renamed (old_key); analyze renamed');
    const key = (old: string) => `md5(${old}::text || '${copy}')::uuid`;
    await client.query(`
      insert into event select e."offset", e.body_hash, e.occurred_at, e.recorded_at, e.stored_at, r.trace_key,
        ${key('e.event_key')}, ${key('e.causation_key')}, e.stored_day, e.incarnation_id, ${copy}, e.type_id, e.service_id,
        e.resolution_id, e.flags, e.reason, e.resolver_version, e.mask_version, e.span, e.parent_span
      from event e join renamed r on r.old_key = e.trace_key where e.partition = 0`);
    await client.query(`
      insert into hop (stored_day, trace_key, incarnation_id, partition, "offset", ordinal, workspace_id, evidence,
        cause_incarnation_id, cause_partition, cause_offset, hop_us, flags, minute, topology_version, series_id, cause_day)
      select h.stored_day, r.trace_key, h.incarnation_id, ${copy}, h."offset", h.ordinal, h.workspace_id, h.evidence,
        h.cause_incarnation_id, ${copy}, h.cause_offset, h.hop_us, h.flags, h.minute, h.topology_version, h.series_id,
        h.cause_day
      from hop h join renamed r on r.old_key = h.trace_key where h.partition = 0`);
    await client.query(`
      insert into trace select (jsonb_populate_record(t, jsonb_build_object('trace_key', r.trace_key, 'id_text', r.id_text,
        'id_prefix', r.id_text))).* from trace t join renamed r on r.old_key = t.trace_key`);
    await client.query(`
      insert into segment select stored_day, incarnation_id, ${copy}, base_offset, record_count,
        array(select coalesce(r.trace_key, k) from unnest(trace_keys) k left join renamed r on r.old_key = k)
      from segment where partition = 0`);
    await client.query(`
      insert into segment_bytes select stored_day, incarnation_id, ${copy}, base_offset, checksum, bytes
      from segment_bytes where partition = 0`);
    await client.query(`
      insert into term select t.stored_day, t.kind, 'order_id=o-' || r.number, r.trace_key
      from term t join renamed r on r.old_key = t.trace_key where t.kind = 3`);
    log(`copy ${copy} of ${COPIES - 1} after ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  await client.query('vacuum analyze');
}

/** `correlationIdOf` and `traceKey` in SQL. */
function idSql(number: string): string {
  return `md5('trace ' || ${number})::uuid::text`;
}

function traceKeySql(number: string): string {
  const head = `'\\x${Buffer.from(`${WORKSPACE_ID}\0correlation\0`).toString('hex')}'::bytea`;
  return `left(encode(sha256(${head} || convert_to(${idSql(number)}, 'UTF8')), 'hex'), 32)::uuid`;
}

const RESOLUTION = { dialect: 'onex-envelope-v1', origins: { correlationId: 'body /correlation_id' } };

async function settleAll(pool: pg.Pool): Promise<void> {
  const store = createSettleStore({ pool, workspaceId: WORKSPACE_ID });
  await Promise.all(
    Array.from({ length: SHARDS }, async (_, shard) => {
      const turn = () =>
        store.settleShard(shard, { limit: TRACES_A_SETTLE, quietMs: 0 }, (open) =>
          settleTraces(open, EMPTY_TOPOLOGY, { episodeGapMs: EPISODE_GAP_MS }),
        );
      while (((await turn()) ?? 0) > 0);
    }),
  );
}
