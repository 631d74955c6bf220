import type { Pool, PoolClient } from 'pg';
import { NAMES_ALONE, type QueueNames } from '../../model/dead-letter-queue.ts';
import type { PreparedEvent } from '../../model/event.ts';
import type { JobState } from '../../model/job-wire.ts';
import type { Incarnation, SourceRecord } from '../../model/record.ts';
import { micros, millis } from '../../model/time.ts';
import type { PrepareStored, ReResolveScope, ReResolveStore, StepOutcome } from '../../ports/job-store.ts';
import { BEGIN, inTransaction, transactionOn, withClient } from '../transaction.ts';
import { RowIds } from '../write/row-ids.ts';
import { beginOf, type Place, placeFromRow } from './place.ts';
import { type Chunk, readChunk } from './read-chunk.ts';
import { type Stale, staleBy, staleDays } from './stale-days.ts';
import { holdMerging, stopMerging } from './stop-merging.ts';
import { dropLostTerms } from './terms.ts';
import { writeChunk } from './write-chunk.ts';

export interface ReResolveOptions {
  readonly pool: Pool;
  readonly workspaceId: number;
  /** The version of the rules in force, schemas among them, as stored with events; rejects while it cannot be known. */
  readonly resolverVersion: () => Promise<number>;
  /** What settle stitches with; names alone say which topics are queues without it. */
  readonly queues?: QueueNames;
}

type Prepared = ReResolveOptions & { readonly ids: RowIds };

interface OwnJob {
  readonly scope: ReResolveScope;
  readonly place: Place | null;
}

/**
 * Re-resolve on PostgreSQL. Rows of events are touched by nobody else: ingest appends, settle reads, merging rests while a
 * job runs. Each step reads a chunk, prepares it outside any transaction, and writes it in a short one.
 */
export function createReResolveStore(options: ReResolveOptions): ReResolveStore {
  const { pool } = options;
  const ids = new RowIds(options.workspaceId);
  return {
    begin: (jobId) => begin(options, jobId),
    step: (jobId, prepare) => withClient(pool, (client) => step(client, { ...options, ids }, jobId, prepare)),
    async note(jobId, message) {
      await pool.query(
        `update job set message = $2, moved_at = clock_timestamp() where id = $1::uuid and state = 'running'`,
        [jobId, message],
      );
    },
  };
}

/** What is left is counted anew each time, so that the share that is done stays true after a stop. */
async function begin(options: ReResolveOptions, jobId: string): Promise<JobState | null> {
  const { pool, workspaceId } = options;
  const resolverVersion = await options.resolverVersion();
  return inTransaction(pool, async (client) => {
    await holdMerging(client);
    const { rows } = await client.query<{ scope: ReResolveScope }>(
      `update job set state = 'running', started_at = coalesce(started_at, clock_timestamp()),
         moved_at = clock_timestamp(), message = null
       where id = $1::uuid and state in ('queued', 'running') returning scope`,
      [jobId],
    );
    const [job] = rows;
    if (job === undefined) {
      const { rows: ended } = await client.query<{ state: JobState }>('select state from job where id = $1::uuid', [
        jobId,
      ]);
      return ended[0]?.state ?? null;
    }
    await stopMerging(client);
    const days = await staleDays(client, workspaceId, await staleBy(client, job.scope, resolverVersion));
    const left = days.reduce((sum, { events }) => sum + events, 0);
    await client.query('update job set total = done + $2 where id = $1::uuid', [jobId, left]);
    return 'running';
  });
}

async function step(
  client: PoolClient,
  options: Prepared,
  jobId: string,
  prepare: PrepareStored,
): Promise<StepOutcome> {
  const job = await readJob(client, jobId);
  if (job === null) return 'stopped';
  const stale = await staleBy(client, job.scope, await options.resolverVersion());
  const place = job.place ?? (await nextDay(client, options.workspaceId, null, stale));
  if (place === null) return finish(client, jobId, null);
  const chunk = await transactionOn(client, () => readChunk(client, place, stale), BEGIN.reading);
  if (chunk === null) {
    await dropLostTerms(client, place.day);
    const next = await nextDay(client, options.workspaceId, place.day, stale);
    return next === null ? finish(client, jobId, job.place) : goTo(client, jobId, job.place, next);
  }
  const incarnation = await readIncarnation(client, chunk.incarnationId);
  const prepared = await prepareChunk(chunk, incarnation, prepare);
  const { topic } = incarnation;
  const rows = await options.ids.resolve(client, [
    { topic, events: [...prepared.values()], storedAt: chunk.events[0]?.storedAt ?? micros(0) },
  ]);
  const isRestaged = (options.queues ?? NAMES_ALONE).stageOf(topic).kind !== NAMES_ALONE.stageOf(topic).kind;
  await writeChunk(client, { jobId, from: job.place, chunk, topic, isRestaged, prepared, rows });
  return 'working';
}

async function readJob(client: PoolClient, jobId: string): Promise<OwnJob | null> {
  const { rows } = await client.query<{ scope: ReResolveScope; place: unknown }>(
    `select scope, place from job where id = $1::uuid and state = 'running'`,
    [jobId],
  );
  return rows[0] === undefined ? null : { scope: rows[0].scope, place: placeFromRow(rows[0].place) };
}

async function nextDay(
  client: PoolClient,
  workspaceId: number,
  before: string | null,
  stale: Stale,
): Promise<Place | null> {
  const days = await staleDays(client, workspaceId, stale);
  const next = days.find(({ day }) => before === null || day < before);
  return next === undefined ? null : beginOf(next.day);
}

async function goTo(client: PoolClient, jobId: string, from: Place | null, to: Place): Promise<StepOutcome> {
  const { rowCount } = await client.query(
    `update job set place = $3::jsonb, moved_at = clock_timestamp() where id = $1::uuid and state = 'running' and place is not distinct from $2::jsonb`,
    [jobId, from === null ? null : JSON.stringify(from), JSON.stringify(to)],
  );
  return rowCount === 1 ? 'working' : 'stopped';
}

async function finish(client: PoolClient, jobId: string, from: Place | null): Promise<StepOutcome> {
  const { rowCount } = await client.query(
    `update job set state = 'done', finished_at = clock_timestamp(), total = done, message = null
     where id = $1::uuid and state = 'running' and place is not distinct from $2::jsonb`,
    [jobId, from === null ? null : JSON.stringify(from)],
  );
  return rowCount === 1 ? 'done' : 'stopped';
}

async function readIncarnation(client: PoolClient, id: number): Promise<Incarnation> {
  const { rows } = await client.query<Incarnation>(
    `select i.id, c.kafka_id as cluster, i.topic, i.n from incarnation i join cluster c on c.id = i.cluster_id
     where i.id = $1`,
    [id],
  );
  if (rows[0] === undefined) throw new Error(`no incarnation ${id}`);
  return rows[0];
}

/** Events by offset. Their raw bytes are let go: the segment keeps them. */
async function prepareChunk(
  chunk: Chunk,
  incarnation: Incarnation,
  prepare: PrepareStored,
): Promise<Map<bigint, PreparedEvent>> {
  const records = chunk.events.flatMap(({ offset, recordedAt, timestampType }): SourceRecord[] => {
    const raw = chunk.raws.get(offset);
    return raw === undefined ? [] : [{ ...raw, timestampMs: millis(Math.floor(recordedAt / 1000)), timestampType }];
  });
  const events = records.length === 0 ? [] : await prepare(records, { incarnation, partition: chunk.partition });
  return new Map(events.map((event) => [event.offset, event]));
}
