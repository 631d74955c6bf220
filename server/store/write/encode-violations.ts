import type { PreparedEvent } from '../../model/event.ts';
import type { FoundViolation } from '../../model/schema-check.ts';
import { violationGroupKey } from '../../model/violation-group.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { CopyBinary } from '../copy-binary.ts';
import type { TableRows } from '../copy-in.ts';
import { dayNumber } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import type { SchemaIdOf } from './schema-ids.ts';

/** Longest texts of a violation, in UTF-16 units: events choose them. */
export const LONGEST = { path: 512, rule: 64, sentence: 600, was: 200, nearMiss: 120 } as const;

/** An error with the group it belongs to. */
export interface GroupedViolation {
  readonly error: FoundViolation;
  readonly groupKey: string;
  readonly path: string;
  readonly rule: string;
  /** The first of its event in its group: an event counts once. */
  readonly counts: boolean;
}

/** The errors of an event by their groups. */
export function groupedViolations(event: PreparedEvent, workspaceId: number): readonly GroupedViolation[] {
  const { check, eventType, service } = event;
  if (check.errors.length === 0) return [];
  const groups = new Set<string>();
  return check.errors.map((error) => {
    const path = storableText(error.path, LONGEST.path);
    const rule = storableText(error.rule, LONGEST.rule);
    const schemaName = error.schema?.name ?? null;
    const groupKey = violationGroupKey({ workspaceId, eventType, service, schemaName, path, rule });
    const counts = !groups.has(groupKey);
    groups.add(groupKey);
    return { error, groupKey, path, rule, counts };
  });
}

const COLUMNS = `"offset", occurred_at, stored_at, trace_key, event_key, group_key, stored_day, incarnation_id, partition,
  schema_id, ordinal, complete, counts, sentence, was, near_miss`;

/** The rows of the violation log that go with some batches; most have none. */
export function encodeViolations(
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  { workspaceId, schemaIdOf }: { readonly workspaceId: number; readonly schemaIdOf: SchemaIdOf },
): TableRows {
  const copy = new CopyBinary();
  for (const { events, storedAt } of batches) {
    const day = dayNumber(storedAt);
    for (const event of events) {
      groupedViolations(event, workspaceId).forEach(({ error, groupKey, counts }, ordinal) => {
        copy.row(16).int8(event.offset).timestamptz(event.occurredAt).timestamptz(storedAt).uuid(event.traceKey);
        if (event.eventKey === null) copy.null();
        else copy.uuid(event.eventKey);
        copy.uuid(groupKey).date(day).int4(event.incarnationId).int4(event.partition);
        copy.int4(schemaIdOf(error.schema)).int2(ordinal).bool(event.check.complete).bool(counts);
        copy.text(storableText(error.sentence, LONGEST.sentence));
        cut(copy, error.was, LONGEST.was);
        cut(copy, error.nearMiss, LONGEST.nearMiss);
      });
    }
  }
  return { table: 'violation', columns: COLUMNS, copy };
}

function cut(copy: CopyBinary, text: string | null, limit: number): void {
  if (text === null) copy.null();
  else copy.text(storableText(text, limit));
}
