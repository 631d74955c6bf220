import type { Pool } from 'pg';
import { parseRecordId, type SourceRecord } from '../../model/record.ts';
import { millis } from '../../model/time.ts';
import type { PlacedRecord, StoredRecords } from '../../ports/explain.ts';
import { timestampTypeOf } from '../codes.ts';
import { microsSql } from '../sql-time.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { eachRawRecord } from './raw-records.ts';
import { AT_HOME, WITH_HOME } from './record-home.ts';

interface PlaceRow {
  stored_day: string;
  incarnation_id: number;
  recorded_us: string;
  flags: number;
}

/** Stored records with their bytes, for reading them again. */
export function createStoredRecords({ pool, workspaceId }: { pool: Pool; workspaceId: number }): StoredRecords {
  return {
    record: (id) => inTransaction(pool, (client) => readRecord(client, workspaceId, id), BEGIN.reading),
  };
}

async function readRecord(client: Queryable, workspaceId: number, id: string): ReturnType<StoredRecords['record']> {
  const name = parseRecordId(id);
  if (name === null) return 'absent';
  const { cluster, topic, n, partition, offset } = name;
  const { rows } = await client.query<PlaceRow>(FIND, [workspaceId, cluster, topic, n, partition, offset.toString()]);
  const [row] = rows;
  if (row === undefined) return 'absent';
  const incarnation = { id: row.incarnation_id, cluster, topic, n };
  let found: PlacedRecord | 'gone' = 'gone';
  const ref = { storedDay: row.stored_day, incarnationId: row.incarnation_id, partition, offset };
  await eachRawRecord(client, [ref], (_ref, answer) => {
    if (answer.kind !== 'raw') return;
    const record: SourceRecord = {
      ...answer.record,
      timestampMs: millis(Math.floor(Number(row.recorded_us) / 1000)),
      timestampType: timestampTypeOf(row.flags),
    };
    found = { record, topic, stored: { incarnation, partition } };
  });
  return found;
}

const FIND = `${WITH_HOME}
  select e.stored_day::text, e.incarnation_id, ${microsSql('e.recorded_at')} as recorded_us, e.flags
  from event e cross join home
  where ${AT_HOME}`;
