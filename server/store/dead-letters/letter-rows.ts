import { DEAD_LETTER_FAMILIES, DEAD_LETTER_PROBLEMS, type DeadLetterFamily } from '../../model/dead-letter.ts';
import type { DeadLetterRecordWire, MarkWire, OriginalState } from '../../model/dead-letter-wire.ts';
import { recordId } from '../../model/record.ts';
import { micros, microsToRfc3339 } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import { originalStateFromCode } from '../codes.ts';
import { microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import { recordTarget } from './mark-targets.ts';
import { readMarks } from './marks.ts';

/** A dead letter with its names, its group, and its original where that is found. */
export interface LetterRow {
  readonly stored_day: string;
  readonly incarnation_id: number;
  readonly partition: number;
  readonly offset: string;
  readonly cluster: string;
  readonly topic: string;
  readonly n: number;
  readonly recorded_us: string;
  readonly stored_us: string;
  readonly failed_us: string | null;
  readonly family: number;
  readonly problems: number;
  readonly reason: string | null;
  readonly fingerprint: string;
  readonly reason_key: string;
  readonly error_class: string;
  readonly retry_count: number | null;
  readonly consumer_group: string | null;
  readonly failed_in: string | null;
  readonly event_type: string;
  readonly service: string | null;
  readonly original_topic: string;
  readonly original_partition: number | null;
  readonly original_offset: string | null;
  readonly original_us: string | null;
  readonly original_state: number;
  readonly original_n: number | null;
  readonly original_day: string | null;
  readonly original_incarnation_id: number | null;
  readonly original_expired: boolean;
  readonly original_trace_key: string | null;
  readonly original_id_text: string | null;
  readonly trace_key: string;
  readonly id_text: string | null;
}

/** The id that a trace is shown by, also before settle has come to it; null of a record that is in none. */
const idTextOf = (key: string) => `coalesce((select t.id_text from trace t where t.trace_key = ${key}),
  (select min(m.id_text collate "C") from dirty_mark m where m.trace_key = ${key}))`;

/** Columns of a `LetterRow` over a relation `d` that has the columns of `dead_letter`, with its joins. */
export const LETTER_COLUMNS = `d.stored_day::text, d.incarnation_id, d.partition, d."offset", c.kafka_id as cluster, i.topic, i.n,
  ${microsSql('d.recorded_at')} as recorded_us, ${microsSql('d.stored_at')} as stored_us,
  ${microsSql('d.failed_at')} as failed_us, d.family, d.problems, d.reason, g.fingerprint, g.reason_key::text, g.error_class,
  d.retry_count, d.consumer_group, d.failed_in, y.label as event_type, s.label as service, g.original_topic,
  d.original_partition, d.original_offset, ${microsSql('d.original_at')} as original_us, d.original_state, oi.n as original_n,
  d.original_day::text, d.original_incarnation_id,
  coalesce(d.original_day in (select day from expired_day where kept_as = 'events'), false) as original_expired,
  d.original_trace_key::text, ${idTextOf('d.original_trace_key')} as original_id_text, d.trace_key::text,
  ${idTextOf('d.trace_key')} as id_text`;

export const LETTER_JOINS = `join dead_letter_group g on g.key = d.group_key
  join incarnation i on i.id = d.incarnation_id join cluster c on c.id = i.cluster_id
  join name y on y.id = g.type_id left join name s on s.id = g.service_id
  left join incarnation oi on oi.id = d.original_incarnation_id`;

const FAMILY_OF = new Map<number, DeadLetterFamily>(
  Object.entries(DEAD_LETTER_FAMILIES).map(([name, code]) => [code, name as DeadLetterFamily]),
);

/** Dead letters as pages show them, with what was said of each. */
export async function toLetterWires(
  client: Queryable,
  rows: readonly LetterRow[],
): Promise<readonly DeadLetterRecordWire[]> {
  const markOf = await readMarks(
    client,
    [...new Set(rows.map((row) => row.incarnation_id))],
    rows.map((row) => recordTarget(row.partition, row.offset)),
  );
  return rows.map((row) => toWire(row, markOf(row.incarnation_id, recordTarget(row.partition, row.offset))));
}

/** Id of the stored original; null where it is not found. */
export function originalIdOf(row: LetterRow): string | null {
  const { original_n: n, original_partition: partition, original_offset: offset } = row;
  if (n === null || partition === null || offset === null) return null;
  return recordId({ id: 0, cluster: row.cluster, topic: row.original_topic, n }, partition, BigInt(offset));
}

function toWire(row: LetterRow, mark: MarkWire | null): DeadLetterRecordWire {
  const time = (us: string | null) => (us === null ? null : microsToRfc3339(micros(Number(us))));
  const state = stateOf(row);
  const byPlace = row.original_id_text !== null && row.original_trace_key !== null ? row.original_trace_key : null;
  return {
    id: recordId({ id: row.incarnation_id, ...row }, row.partition, BigInt(row.offset)),
    ...{ topic: row.topic, partition: row.partition, offset: row.offset },
    recorded_at: microsToRfc3339(micros(Number(row.recorded_us))),
    stored_at: microsToRfc3339(micros(Number(row.stored_us))),
    failed_at: time(row.failed_us),
    family: FAMILY_OF.get(row.family) ?? 'unknown',
    ...{ reason: row.reason, fingerprint: row.fingerprint || null, reason_key: traceKeyToHex(row.reason_key) },
    ...{ error_class: row.error_class || null, retry_count: row.retry_count, consumer_group: row.consumer_group },
    ...{ event_type: row.event_type, service: row.service },
    original: {
      topic: row.original_topic || null,
      ...{ partition: row.original_partition, offset: row.original_offset, timestamp: time(row.original_us) },
    },
    original_state: state,
    original_id: originalIdOf(row),
    correlation_id: byPlace === null ? row.id_text : row.original_id_text,
    correlation_origin: byPlace !== null ? 'by coordinates' : row.id_text === null ? null : 'own',
    trace_key: traceKeyToHex(byPlace ?? row.trace_key),
    problems: problemsOf(row.problems),
    mark,
  };
}

function stateOf({ original_state: code, original_expired: expired }: LetterRow): OriginalState {
  const state = originalStateFromCode(code);
  if (state === 'stored') return expired ? 'expired' : 'stored';
  return state === 'waiting' ? 'not read yet' : state;
}

function problemsOf(bits: number): DeadLetterRecordWire['problems'] {
  const names = Object.keys(DEAD_LETTER_PROBLEMS) as (keyof typeof DEAD_LETTER_PROBLEMS)[];
  return names.filter((name) => (bits & DEAD_LETTER_PROBLEMS[name]) !== 0);
}
