import type { PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
import { copyIn } from '../copy-in.ts';
import { recordDamage } from '../damage.ts';
import { isDataError } from '../sql-state.ts';
import { transactionOn } from '../transaction.ts';
import { countDeadLetters } from '../write/count-dead-letters.ts';
import { countViolations } from '../write/count-violations.ts';
import { encodeDeadLetters } from '../write/encode-dead-letters.ts';
import { encodeEvents, encodeMarks, type RowContext } from '../write/encode-rows.ts';
import { encodeViolations } from '../write/encode-violations.ts';
import { poisoned } from '../write/poisoned.ts';
import { markFormerTraces } from './mark-former-traces.ts';
import type { Place } from './place.ts';
import { byStoring, planReplacements, planSegmentKeys, type Replacement } from './plan-chunk.ts';
import type { Chunk } from './read-chunk.ts';
import { replaceDeadLetters } from './replace-dead-letters.ts';
import { replaceViolations } from './replace-violations.ts';
import { correctCounts, correctDialects, correctTotals } from './signed-counts.ts';
import { addTerms } from './terms.ts';

/** What a chunk is written with. */
export interface ChunkWrite {
  readonly jobId: string;
  /** Where the job stood when the chunk was read; compare-and-set. */
  readonly from: Place | null;
  readonly chunk: Chunk;
  readonly topic: string;
  /**
   * A declaration alone says on which stage the topic's events are. Rows do not tell whether it said so before, so all their
   * traces are settled again.
   */
  readonly isRestaged: boolean;
  /** The events to put in place, by offset. */
  readonly prepared: Map<bigint, PreparedEvent>;
  readonly rows: RowContext;
}

/** The rows are not as they were read: their day was dropped meanwhile. Nothing is written; read again. */
class OtherRowsError extends Error {
  readonly code = 'other_rows';
}

/**
 * Puts a chunk in place in one transaction: events, the traces of segments, counts, totals, marks for the traces that
 * lose and that gain, and how far the job is. Answers false, with nothing written, when the job is not where it was or
 * the rows are not what they were.
 */
export async function writeChunk(client: PoolClient, write: ChunkWrite): Promise<boolean> {
  try {
    return await transactionOn(client, async () => {
      const replacements = planReplacements(write.chunk, write.prepared, write.rows);
      if (!(await moveJob(client, write, replacements))) return false;
      await replaceEvents(client, write, replacements);
      await rewriteSegments(client, write.chunk, replacements);
      await recordDamage(client, write.chunk.damages);
      await addTerms(client, write.chunk.day, replacements);
      await replaceViolations(client, write, replacements);
      await replaceDeadLetters(client, write, replacements);
      await correctCounts(client, write.jobId, write.chunk.incarnationId, replacements, write.rows.workspaceId);
      await correctDialects(client, write.jobId, replacements);
      await correctTotals(client, write.chunk, replacements);
      return true;
    });
  } catch (error) {
    if (error instanceof OtherRowsError) return false;
    if (!isDataError(error)) throw error;
    // Refused by no event alone: to go on would be to try the same for ever.
    if ((await poisonRefused(client, write)) === 0) throw error;
  }
  return writeChunk(client, write);
}

/** The first statement: whoever else goes on with this job waits here, and then finds it elsewhere. */
async function moveJob(client: PoolClient, write: ChunkWrite, replacements: readonly Replacement[]): Promise<boolean> {
  const { chunk, from, jobId } = write;
  const place: Place = { ...placeOf(chunk), offset: chunk.lastOffset };
  const { rowCount } = await client.query(
    `update job set place = $3::jsonb, moved_at = clock_timestamp(), done = done + $4, changed = changed + $5
     where id = $1::uuid and state = 'running' and place is not distinct from $2::jsonb`,
    [
      jobId,
      from === null ? null : JSON.stringify(from),
      JSON.stringify(place),
      replacements.length,
      replacements.filter(({ changed }) => changed).length,
    ],
  );
  return rowCount === 1;
}

function placeOf({ day, incarnationId, partition }: Chunk) {
  return { day, incarnationId, partition };
}

/** A row that is replaced costs what one that is updated does, and is encoded by what encodes it at ingest. */
async function replaceEvents(
  client: PoolClient,
  { chunk, rows, isRestaged }: ChunkWrite,
  replacements: readonly Replacement[],
): Promise<void> {
  if (replacements.length === 0) return;
  const { rowCount } = await client.query(
    `delete from event where stored_day = $1::date and incarnation_id = $2 and partition = $3
       and trace_key = any($4::uuid[]) and "offset" = any($5::bigint[])`,
    [
      chunk.day,
      chunk.incarnationId,
      chunk.partition,
      [...new Set(replacements.map(({ before }) => before.traceKey))],
      replacements.map(({ before }) => before.offset.toString()),
    ],
  );
  if (rowCount !== replacements.length) throw new OtherRowsError();
  const changed = replacements.filter((each) => each.changed);
  await markFormerTraces(client, chunk.day, isRestaged ? replacements : changed);
  await copyIn(client, [encodeEvents(byStoring(replacements), rows), encodeMarks(byStoring(changed), rows)]);
}

async function rewriteSegments(client: PoolClient, chunk: Chunk, replacements: readonly Replacement[]): Promise<void> {
  const keys = planSegmentKeys(chunk, replacements);
  if (keys.length === 0) return;
  await client.query(
    `update segment s set trace_keys = k.trace_keys
     from json_to_recordset($4::json) as k(base_offset bigint, trace_keys uuid[])
     where s.stored_day = $1::date and s.incarnation_id = $2 and s.partition = $3 and s.base_offset = k.base_offset`,
    [
      chunk.day,
      chunk.incarnationId,
      chunk.partition,
      JSON.stringify(keys.map((each) => ({ base_offset: `${each.baseOffset}`, trace_keys: each.traceKeys }))),
    ],
  );
}

/**
 * Something in the chunk was refused: each event by itself tells which, and becomes a poison value as at ingest. Answers
 * how many did.
 */
async function poisonRefused(client: PoolClient, { chunk, jobId, prepared, rows, topic }: ChunkWrite): Promise<number> {
  let refused = 0;
  const storedAt = new Map(chunk.events.map((event) => [event.offset, event.storedAt]));
  await client.query('begin');
  try {
    for (const [offset, event] of prepared) {
      const batch = [{ storedAt: storedAt.get(offset) ?? event.recordedAt, events: [event] }];
      await client.query('savepoint one');
      try {
        await copyIn(client, [encodeEvents(batch, rows), encodeMarks(batch, rows)]);
        await countViolations(client, jobId, batch, rows);
        await countDeadLetters(client, jobId, batch, rows);
        await copyIn(client, [encodeViolations(batch, rows), encodeDeadLetters(batch, rows)]);
      } catch (error) {
        if (!isDataError(error) || isPoisoned(event)) throw error;
        await client.query('rollback to savepoint one');
        prepared.set(offset, await poisoned(client, rows.workspaceId, event, topic));
        refused += 1;
      }
      await client.query('release savepoint one');
    }
  } finally {
    await client.query('rollback');
  }
  return refused;
}

/** Nothing is left in it to refuse. */
function isPoisoned({ reason }: PreparedEvent): boolean {
  return reason === 'poison value';
}
