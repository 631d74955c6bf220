import type { Pool } from 'pg';
import type { ComparedRecord, DeadLetterDetail } from '../../model/dead-letter-detail-wire.ts';
import type { CompareLetter, LetterSide } from '../../model/letter-comparison.ts';
import { parseRecordId, type RawRecord } from '../../model/record.ts';
import { millis } from '../../model/time.ts';
import type { RecordReader } from '../../ports/reads.ts';
import { type Damage, noteDamage } from '../damage.ts';
import { PayloadBudget, toHeaders, toKeyPayload, toPayload, toValuePayload } from '../read/payload.ts';
import { eachRawRecord } from '../read/raw-records.ts';
import type { StoredRef } from '../read/segment-bytes.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { LETTER_COLUMNS, LETTER_JOINS, type LetterRow, originalIdOf, toLetterWires } from './letter-rows.ts';

export interface DetailContext {
  readonly workspaceId: number;
  readonly reader: RecordReader;
  readonly compare: CompareLetter;
}

const MOST_SIBLINGS = 20;

/** A record with its bytes, where they are still there. */
interface StoredSide {
  readonly compared: ComparedRecord;
  readonly side: LetterSide | null;
  readonly damage: Damage | null;
}

/** One dead letter beside its original; null where none is stored there. */
export async function readLetterDetail(
  pool: Pool,
  id: string,
  context: DetailContext,
): Promise<Omit<DeadLetterDetail, 'as_of' | 'coverage'> | null> {
  const name = parseRecordId(id);
  if (name === null) return null;
  const found = await inTransaction(
    pool,
    async (client) => {
      const at = [context.workspaceId, name.cluster, name.topic, name.n, name.partition, name.offset.toString()];
      const { rows } = await client.query<LetterRow>(ONE, at);
      const [row] = rows;
      return row === undefined ? null : readSides(client, row, context);
    },
    BEGIN.reading,
  );
  if (found === null) return null;
  await noteDamage(pool, found.damages);
  return found.body;
}

async function readSides(client: Queryable, row: LetterRow, { reader, compare }: DetailContext) {
  const siblings = await client.query<LetterRow>(SIBLINGS, [
    row.original_incarnation_id,
    row.original_partition,
    row.original_offset,
    ...[row.incarnation_id, row.partition, row.offset],
  ]);
  const [record, ...others] = await toLetterWires(client, [row, ...siblings.rows]);
  if (record === undefined) throw new Error('a dead letter was not shown');
  const budget = new PayloadBudget();
  const ownRef = { storedDay: row.stored_day, ...placeOf(row.incarnation_id, row.partition, row.offset) };
  const own = await readSide(client, { id: record.id, topic: row.topic, ref: ownRef }, reader, budget);
  const originalId = originalIdOf(row);
  const original =
    originalId === null || row.original_expired
      ? null
      : await readSide(client, { id: originalId, topic: row.original_topic, ref: originalRef(row) }, reader, budget);
  const { insideAt, inside, result, why, differences, more } =
    own.side === null
      ? {
          insideAt: null,
          inside: null,
          result: 'not comparable' as const,
          why: 'Its bytes are no longer stored',
          differences: [],
          more: false,
        }
      : compare(own.side, original?.side ?? null);
  const gone = result === 'gone' ? { why: whyGone(record.original_state, original) } : { why };
  return {
    body: {
      ...{ record, own: own.compared, inside_at: insideAt },
      inside: inside === null ? null : toPayload(inside, budget),
      original: original?.compared ?? null,
      comparison: { result, ...gone, by: row.failed_in ?? row.consumer_group, differences, more_differences: more },
      siblings: others,
    },
    damages: [own.damage, original?.damage ?? null].filter((each) => each !== null),
  };
}

/** Why there is nothing to compare with. */
function whyGone(state: DeadLetterDetail['record']['original_state'], original: StoredSide | null): string {
  if (original !== null) return 'The bytes of the original are no longer stored';
  switch (state) {
    case 'not named':
      return 'It does not say where its event stood';
    case 'unknown topic':
      return 'No topic of that name was ever seen';
    case 'not read yet':
      return 'The tap has not read the original yet';
    case 'expired':
      return 'The original has expired';
    default:
      return 'The tap has passed the place of the original, and nothing is stored there';
  }
}

function placeOf(incarnationId: number, partition: number, offset: string) {
  return { incarnationId, partition, offset: BigInt(offset) };
}

function originalRef(row: LetterRow): StoredRef {
  const {
    original_day: day,
    original_incarnation_id: id,
    original_partition: partition,
    original_offset: offset,
  } = row;
  return { storedDay: day ?? '', ...placeOf(id ?? 0, partition ?? 0, offset ?? '0') };
}

async function readSide(
  client: Queryable,
  { id, topic, ref }: { readonly id: string; readonly topic: string; readonly ref: StoredRef },
  reader: RecordReader,
  budget: PayloadBudget,
): Promise<StoredSide> {
  const nothing: ComparedRecord = { id, key: null, headers: [], payload: null, payload_missing: 'expired' };
  let found: StoredSide = { compared: nothing, side: null, damage: null };
  await eachRawRecord(client, [ref], (_ref, answer) => {
    if (answer.kind === 'raw') found = { ...toSide(id, topic, answer.record, reader, budget), damage: null };
    if (answer.kind !== 'damaged') return;
    found = { compared: { ...nothing, payload_missing: answer.damage.why }, side: null, damage: answer.damage };
  });
  return found;
}

/** The bytes that are handed over are those of a segment: what is kept of them is copied. */
function toSide(id: string, topic: string, raw: RawRecord, reader: RecordReader, budget: PayloadBudget) {
  const record = { ...raw, timestampMs: millis(0), timestampType: 'CreateTime' as const };
  const reading = reader.read(record, topic);
  const compared: ComparedRecord = {
    id,
    key: raw.key === null ? null : toKeyPayload(raw.key, budget),
    headers: toHeaders(raw.headers, budget),
    payload: toValuePayload(raw.value, reading, budget),
    payload_missing: null,
  };
  return { compared, side: { value: raw.value === null ? null : Buffer.from(raw.value), decoded: reading.decoded } };
}

const ONE = `
  select ${LETTER_COLUMNS} from dead_letter d ${LETTER_JOINS}
  where i.workspace_id = $1 and c.kafka_id = $2 and i.topic = $3 and i.n = $4
    and d.incarnation_id = i.id and d.partition = $5 and d."offset" = $6`;

const SIBLINGS = `
  select ${LETTER_COLUMNS} from (
    select * from dead_letter where original_incarnation_id = $1 and original_partition = $2 and original_offset = $3
      and (incarnation_id, partition, "offset") <> ($4::int, $5::int, $6::bigint)
    order by recorded_at limit ${MOST_SIBLINGS}
  ) d ${LETTER_JOINS} order by d.recorded_at`;
