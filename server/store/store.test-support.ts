import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import type { DeadLetterFacts } from '../model/dead-letter.ts';
import { NO_DEAD_LETTER_RULES } from '../model/dead-letter-queue.ts';
import type { PreparedEvent, ResolvedEnvelope } from '../model/event.ts';
import type { GroupRule } from '../model/group-service.ts';
import { NO_OBJECTIVES, type ObjectiveRules } from '../model/objectives.ts';
import { recordId } from '../model/record.ts';
import { type SchemaCheck, UNCHECKED } from '../model/schema-check.ts';
import { micros, millis } from '../model/time.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS } from '../model/trace.ts';
import { idKey, traceKey } from '../model/trace-key.ts';
import type { PreparedBatch } from '../ports/ingest-store.ts';
import type { RecordReading } from '../ports/reads.ts';
import { type Settle, SHARDS } from '../ports/settle-store.ts';
import type { TopicPartition } from '../ports/source.ts';
import { settleTraces } from '../settle/settle-traces.ts';
import { createReads } from './read/reads.ts';
import { createSettleStore } from './settle/settle-store.ts';
import { createIngestStore } from './write/ingest-store.ts';

/** 2026-03-01T12:00:00Z in microseconds: the hour in which tests happen. */
export const NOON = micros(Date.UTC(2026, 2, 1, 12) * 1000);

/** What a test says of an event; the rest has plain defaults. */
export interface EventSketch {
  readonly correlation?: string | null;
  readonly id?: string;
  readonly cause?: string;
  readonly type?: string;
  readonly service?: string | null;
  readonly at?: number;
  readonly value?: Buffer | null;
  readonly headers?: PreparedEvent['raw']['headers'];
  readonly check?: SchemaCheck;
  readonly fields?: PreparedEvent['fields'];
  readonly deadLetter?: Partial<DeadLetterFacts>;
}

/** A dead letter that says nothing. */
const NOTHING_SAID: DeadLetterFacts = {
  family: 'unknown',
  original: { topic: null, partition: null, offset: null, timestamp: null },
  ...{ consumerGroup: null, failedIn: null, reason: null, fingerprint: '', errorClass: null, retryCount: null },
  ...{ failedAt: null, problems: [] },
};

/** An event of partition `at` with this offset. */
export function eventOf(place: TopicPartition, offset: bigint, sketch: EventSketch = {}): PreparedEvent {
  const correlation = sketch.correlation === undefined ? 'c-1' : sketch.correlation;
  const record = recordId({ cluster: 'test', topic: place.topic, n: 1, id: 0 }, place.partition, offset);
  const time = micros(sketch.at ?? NOON + Number(offset) * 1000);
  return {
    incarnationId: place.incarnationId,
    partition: place.partition,
    offset,
    traceKey: correlation === null ? traceKey(1, 'record', record) : traceKey(1, 'correlation', correlation),
    idKind: correlation === null ? 'record' : 'correlation',
    idText: correlation,
    eventKey: sketch.id === undefined ? null : idKey(sketch.id),
    causationKey: sketch.cause === undefined ? null : idKey(sketch.cause),
    causationIsCorrelation: false,
    eventType: sketch.type ?? 'order.placed',
    service: sketch.service === undefined ? 'shop' : sketch.service,
    resolution: { dialect: 'test', origins: {} },
    spanId: null,
    parentSpanId: null,
    terms: [],
    occurredAt: time,
    recordedAt: time,
    timestampType: 'CreateTime',
    flags: sketch.deadLetter === undefined ? [] : ['dead_letter'],
    deadLetter: sketch.deadLetter === undefined ? null : { ...NOTHING_SAID, ...sketch.deadLetter },
    reason: correlation === null ? 'uncorrelated' : null,
    check: sketch.check ?? UNCHECKED,
    fields: sketch.fields ?? null,
    resolverVersion: 1,
    maskVersion: 1,
    bodyHash: offset,
    raw: {
      offset,
      key: Buffer.from('key'),
      headers: sketch.headers ?? [],
      value: sketch.value === undefined ? Buffer.from(`{"offset":${offset}}`) : sketch.value,
    },
  };
}

/** A batch that continues where its first event stands. */
export function batchOf(place: TopicPartition, events: readonly PreparedEvent[], storedAt = NOON): PreparedBatch {
  const first = events[0]?.offset ?? 0n;
  const next = (events.at(-1)?.offset ?? -1n) + 1n;
  return {
    ...place,
    events,
    expectedOffset: first,
    nextOffset: next,
    highWatermark: next,
    storedAt,
    owner: null,
    leaderEpoch: null,
  };
}

const NOTHING_RESOLVED: ResolvedEnvelope = {
  eventId: null,
  eventType: null,
  correlationId: null,
  causationId: null,
  service: null,
  occurredAt: null,
  traceId: null,
  spanId: null,
  parentSpanId: null,
  tenant: null,
  resolution: { dialect: 'none', origins: {} },
  flags: [],
  needsExactNumbers: false,
};

/** What reading anew says of a record that nobody can read. */
export const UNREADABLE: RecordReading = {
  ...{ envelope: NOTHING_RESOLVED, deadLetter: null, registry: null },
  decoded: { kind: 'unreadable', reason: 'binary', schemaId: null },
};

/** Stitches by order alone. */
export const stitchAll: Settle = (open) => settleTraces(open, EMPTY_TOPOLOGY, { episodeGapMs: EPISODE_GAP_MS });

/** A database with the three sides of the store on it. */
export async function openStore() {
  const database: TestDatabase = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 12 });
  pool.on('error', () => {});
  const ingest = createIngestStore({ pool, workspaceId: 1, writerId: randomUUID() });
  const settle = createSettleStore({ pool, workspaceId: 1 });
  const now = { value: millis(NOON / 1000 + 60_000) };
  const freshReads = (
    objectives: ObjectiveRules = NO_OBJECTIVES,
    groups: readonly GroupRule[] = [],
    deadLetters = NO_DEAD_LETTER_RULES,
  ) =>
    createReads({
      pool,
      workspaceId: 1,
      declaredFlows: [
        { name: 'Orders', startsWith: 'order.placed', endsWith: ['order.shipped'] },
        { name: 'Orders at the counter', startsWith: 'order.placed', endsWith: ['order.collected'] },
      ],
      ...{ objectives, groups, deadLetters },
      fields: [{ name: 'order_id', pointers: [], texts: [] }],
      episodeGapMs: EPISODE_GAP_MS,
      clock: { now: () => now.value },
      openReader: () => ({
        read: () => UNREADABLE,
        fetchMissing: async () => false,
      }),
    });
  const reads = freshReads();
  const clusterId = await ingest.registerCluster({ kafkaId: 'test', name: 'Test', source: 'kafka' });
  return {
    database,
    pool,
    ingest,
    settle,
    reads,
    /** The read side as another process has it: it remembers nothing. */
    freshReads,
    now,
    clusterId,
    /** Registers a topic of one partition that begins at 0. */
    async topic(name: string): Promise<TopicPartition> {
      const known = await pool.query<{ topic: string; topic_id: string | null }>(
        'select topic, topic_id::text from incarnation where gone_at is null and cluster_id = $1',
        [clusterId],
      );
      const listed = known.rows.map((row) => ({ topic: row.topic, topicId: row.topic_id, partitions: 1 }));
      const all = await ingest.registerTopics(clusterId, [
        ...listed,
        { topic: name, topicId: randomUUID(), partitions: 1 },
      ]);
      const made = all.find((each) => each.topic === name);
      if (made === undefined) throw new Error('not registered');
      const place = { incarnationId: made.incarnationId, topic: name, partition: 0 };
      await ingest.begin([{ ...place, nextOffset: 0n, backfillEnd: null, leaderEpoch: null }]);
      return place;
    },
    /** Settles every shard until no mark is left. */
    async settleAll(): Promise<number> {
      let total = 0;
      for (let shard = 0; shard < SHARDS; shard++) {
        const count = await settle.settleShard(shard, { limit: 1000, quietMs: 0 }, stitchAll);
        total += count ?? 0;
      }
      return total;
    },
    async close(): Promise<void> {
      await pool.end();
      await database.drop();
    },
  };
}

export type TestStore = Awaited<ReturnType<typeof openStore>>;
