import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { CopyBinary } from '../copy-binary.ts';
import type { TableRows } from '../copy-in.ts';
import { dayNumber } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import type { SchemaIdOf } from './schema-ids.ts';
import { LONGEST, type ViolationsOf } from './violation-groups.ts';

const COLUMNS = `"offset", occurred_at, stored_at, trace_key, event_key, group_key, stored_day, incarnation_id, partition,
  schema_id, ordinal, complete, counts, sentence, was, near_miss, path, rule`;

/** The rows of the violation log that go with some batches; most have none. */
export function encodeViolations(
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  { violationsOf, schemaIdOf }: { readonly violationsOf: ViolationsOf; readonly schemaIdOf: SchemaIdOf },
): TableRows {
  const copy = new CopyBinary();
  for (const { events, storedAt } of batches) {
    const day = dayNumber(storedAt);
    for (const event of events) {
      violationsOf(event).forEach(({ error, group, counts, path, rule }, ordinal) => {
        copy.row(18).int8(event.offset).timestamptz(event.occurredAt).timestamptz(storedAt).uuid(event.traceKey);
        if (event.eventKey === null) copy.null();
        else copy.uuid(event.eventKey);
        copy.uuid(group.key).date(day).int4(event.incarnationId).int4(event.partition);
        copy.int4(schemaIdOf(error.schema)).int2(ordinal).bool(event.check.complete).bool(counts);
        copy.text(storableText(error.sentence, LONGEST.sentence));
        cut(copy, error.was, LONGEST.was);
        cut(copy, error.nearMiss, LONGEST.nearMiss);
        cut(copy, path, LONGEST.path);
        cut(copy, rule, LONGEST.rule);
      });
    }
  }
  return { table: 'violation', columns: COLUMNS, copy };
}

function cut(copy: CopyBinary, text: string | null, limit: number): void {
  if (text === null) copy.null();
  else copy.text(storableText(text, limit));
}
