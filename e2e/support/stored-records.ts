import type { Pool } from 'pg';
import { compareRecords, identityOf } from './record-identity.ts';
import { storedSegments } from './stored-segments.ts';

/**
 * The identity of every stored record, from the raw bytes of the segments. Event rows and segments must name the same
 * records: a row without bytes, bytes without a row, or a row twice throws.
 */
export async function storedRecords(pool: Pool, topics: readonly string[]): Promise<string[]> {
  const records = await storedSegments(pool, topics);
  const events = await pool.query<{ place: string }>(EVENTS, [topics]);
  const difference = compareRecords(
    records.map(({ topic, n, partition, offset }) => `${topic}~${n}/${partition}/${offset}`),
    events.rows.map((row) => row.place),
  );
  if (Object.values(difference).some((list) => list.length > 0)) {
    throw new Error(`event rows and segments differ: ${JSON.stringify(difference)}`);
  }
  return records.map(identityOf);
}

const EVENTS = `
  select i.topic || '~' || i.n || '/' || e.partition || '/' || e."offset" as place
  from event e join incarnation i on i.id = e.incarnation_id
  where i.topic = any($1::text[])`;
