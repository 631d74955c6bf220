import type { PreparedEvent } from '../../model/event.ts';
import type { FoundViolation } from '../../model/schema-check.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { CopyBinary } from '../copy-binary.ts';
import type { TableRows } from '../copy-in.ts';
import { dayNumber } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import type { HasOwnGroup } from './bounded-groups.ts';
import type { SchemaIdOf } from './schema-ids.ts';
import { groupOfRest, LONGEST, ownGroup, type ViolationGroup } from './violation-groups.ts';

/** What decides in which group an error is counted. */
export interface Grouping {
  readonly workspaceId: number;
  readonly hasOwnGroup: HasOwnGroup;
}

/** An error with the group that it is counted in. */
export interface GroupedViolation {
  readonly error: FoundViolation;
  readonly group: ViolationGroup;
  /** Where it says more than its group does; null where that says it all. */
  readonly path: string | null;
  readonly rule: string | null;
  /** The first of its event in its group: an event counts once. */
  readonly counts: boolean;
}

/** The errors of an event by their groups. */
export function groupedViolations(
  event: PreparedEvent,
  { workspaceId, hasOwnGroup }: Grouping,
): readonly GroupedViolation[] {
  if (event.check.errors.length === 0) return [];
  const seen = new Set<string>();
  return event.check.errors.map((error) => {
    const own = ownGroup(event, error, workspaceId);
    const group = hasOwnGroup(own.key) ? own : groupOfRest(own);
    const counts = !seen.has(group.key);
    seen.add(group.key);
    const path = storableText(error.path, LONGEST.path);
    const rule = storableText(error.rule, LONGEST.rule);
    return { error, group, counts, path: path === group.path ? null : path, rule: rule === group.rule ? null : rule };
  });
}

const COLUMNS = `"offset", occurred_at, stored_at, trace_key, event_key, group_key, stored_day, incarnation_id, partition,
  schema_id, ordinal, complete, counts, sentence, was, near_miss, path, rule`;

/** The rows of the violation log that go with some batches; most have none. */
export function encodeViolations(
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  context: Grouping & { readonly schemaIdOf: SchemaIdOf },
): TableRows {
  const copy = new CopyBinary();
  for (const { events, storedAt } of batches) {
    const day = dayNumber(storedAt);
    for (const event of events) {
      groupedViolations(event, context).forEach(({ error, group, counts, path, rule }, ordinal) => {
        copy.row(18).int8(event.offset).timestamptz(event.occurredAt).timestamptz(storedAt).uuid(event.traceKey);
        if (event.eventKey === null) copy.null();
        else copy.uuid(event.eventKey);
        copy.uuid(group.key).date(day).int4(event.incarnationId).int4(event.partition);
        copy.int4(context.schemaIdOf(error.schema)).int2(ordinal).bool(event.check.complete).bool(counts);
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
