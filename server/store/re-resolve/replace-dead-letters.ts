import type { PoolClient } from 'pg';
import { EVENT_FLAGS } from '../../model/event.ts';
import { ORIGINAL_STATES } from '../codes.ts';
import { copyIn } from '../copy-in.ts';
import { markTraces } from '../mark-traces.ts';
import { countDeadLetters } from '../write/count-dead-letters.ts';
import { encodeDeadLetters } from '../write/encode-dead-letters.ts';
import type { RowContext } from '../write/encode-rows.ts';
import { byStoring, type Replacement } from './plan-chunk.ts';
import type { Chunk } from './read-chunk.ts';

/**
 * Puts what events say as dead letters in the place of what they said: rows, and signed counts of the job's own. Dead letters
 * of events that are in another trace now look for their original again, and the trace of an original that loses one is settled
 * again. Costs nothing where no event is one.
 */
export async function replaceDeadLetters(
  client: PoolClient,
  { chunk, jobId, rows }: { readonly chunk: Chunk; readonly jobId: string; readonly rows: RowContext },
  replacements: readonly Replacement[],
): Promise<void> {
  const place = [chunk.incarnationId, chunk.partition];
  const moved = replacements.filter(({ before, after }) => before.traceKey !== after.traceKey);
  if (moved.length > 0) await client.query(LOOK_AGAIN, [...place, moved.map(({ before }) => `${before.offset}`)]);
  const letters = replacements.filter(({ before }) => (before.flags & EVENT_FLAGS.dead_letter) !== 0);
  if (letters.length > 0) {
    const offsets = letters.map(({ before }) => `${before.offset}`);
    const { rows: left } = await client.query<LeftTrace>(TAKE_AWAY, [chunk.day, ...place, offsets, jobId]);
    for (const day of new Set(left.map((trace) => trace.day))) {
      const keys = left.filter((trace) => trace.day === day).map((trace) => trace.trace_key);
      await markTraces(client, day, [...new Set(keys)]);
    }
  }
  const batches = byStoring(replacements.filter(({ event }) => event.deadLetter !== null));
  if (batches.length === 0) return;
  await countDeadLetters(client, jobId, batches, rows);
  await copyIn(client, [encodeDeadLetters(batches, rows)]);
}

/** A trace whose event had failed as a dead letter of another trace, and a day in which the event lies. */
interface LeftTrace {
  readonly day: string;
  readonly trace_key: string;
}

// The traces that originals lay in before are marked with their events.
const LOOK_AGAIN = `
  with looking as (
    update dead_letter set original_state = ${ORIGINAL_STATES.waiting}, look_at = clock_timestamp(), original_trace_key = null,
      original_occurred_at = null, original_incarnation_id = null, original_day = null
    where original_incarnation_id = $1 and original_partition = $2 and original_offset = any($3::bigint[])
    returning incarnation_id, partition, "offset"
  )
  delete from foreign_letter f using looking l
  where f.incarnation_id = l.incarnation_id and f.partition = l.partition and f."offset" = l."offset"`;

const TAKE_AWAY = `
  with gone as (
    delete from dead_letter where stored_day = $1::date and incarnation_id = $2 and partition = $3
      and "offset" = any($4::bigint[])
    returning stored_day, recorded_at, group_key, incarnation_id, partition, "offset", original_day
  ), foreign_gone as (
    delete from foreign_letter f using gone g
    where f.incarnation_id = g.incarnation_id and f.partition = g.partition and f."offset" = g."offset"
    returning f.trace_key, g.original_day
  ), counted as (
    insert into dead_letter_count (stored_day, minute, group_key, writer, records)
    select stored_day, date_trunc('minute', recorded_at), group_key, $5::uuid, -count(*)
    from gone group by 1, 2, 3 order by 1, 2, 3
    on conflict (stored_day, minute, group_key, writer)
    do update set records = dead_letter_count.records + excluded.records
  )
  select original_day::text as day, trace_key::text from foreign_gone`;
