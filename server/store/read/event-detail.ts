import type { Pool } from 'pg';
import { FIELD_NAMES } from '../../model/dialect.ts';
import type { ResolvedEnvelope, ResolvedField } from '../../model/event.ts';
import { parseRecordId } from '../../model/record.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { ID_KINDS, type IdKind, traceKeyToHex } from '../../model/trace-key.ts';
import type { EventDetail } from '../../model/wire.ts';
import type { RecordReader } from '../../ports/reads.ts';
import { type Damage, noteDamage } from '../damage.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { readConsumption } from './consumption.ts';
import { readRelations } from './event-relations.ts';
import {
  EVENT_COLUMNS,
  EVENT_JOINS,
  type EventRow,
  type RawParts,
  readStored,
  toRawParts,
  toRef,
  toTraceEvent,
  withoutRaw,
} from './event-rows.ts';
import { readEventSchemas } from './event-schemas.ts';
import type { GroupContext } from './groups-of-service.ts';
import { readHopSplit } from './hop-split.ts';
import { PayloadBudget } from './payload.ts';
import { eachRawRecord } from './raw-records.ts';
import { AT_HOME, WITH_HOME } from './record-home.ts';

export type EventBody = Omit<EventDetail, 'as_of' | 'coverage'>;

type DetailRow = EventRow & {
  readonly cause_incarnation_id: number | null;
  /** The id that its trace is stitched by, and what kind of id that is; null while it is not settled. */
  readonly id_text: string | null;
  readonly id_kind: number | null;
  readonly rules_current: boolean;
};

type RawView = Pick<EventDetail, 'payload' | 'resolved'> & {
  readonly parts: RawParts;
  readonly damage: Damage | null;
  readonly correlationId: string | null;
};

/** One event by its record id; null when the id has another form or names nothing that is stored. */
export async function readEventDetail(
  pool: Pool,
  context: GroupContext,
  id: string,
  reader: RecordReader,
): Promise<EventBody | null> {
  const name = parseRecordId(id);
  if (name === null) return null;
  const found = await inTransaction(
    pool,
    async (client) => {
      const params = [context.workspaceId, name.cluster, name.topic, name.n, name.partition, name.offset.toString()];
      const { rows } = await client.query<DetailRow>(SELECT, params);
      const [row] = rows;
      if (row === undefined) return null;
      const { parts, correlationId, damage, ...view } = await readRawView(client, row, reader);
      const relations = await readRelations(client, [row]);
      const schemaOf = await readEventSchemas(client, [row]);
      const body: EventBody = {
        ...toTraceEvent(row, parts, { ...relations(row), schema: schemaOf(row) }),
        ...view,
        // What its bytes no longer say, its trace still does.
        correlation_id: correlationId ?? stitchedBy(row, 'correlation'),
        trace_id: parts.trace_id ?? stitchedBy(row, 'trace'),
        trace_key: traceKeyToHex(row.trace_key),
        consumption: await readConsumption(client, toRef(row)),
        hop_split: await readHopSplit(client, context, row),
        rules: { version: row.resolver_version, current: row.rules_current },
      };
      return { body, damages: damage === null ? [] : [damage] };
    },
    BEGIN.prepared,
  );
  if (found === null) return null;
  await noteDamage(pool, found.damages);
  return found.body;
}

function stitchedBy({ id_text, id_kind }: DetailRow, kind: IdKind): string | null {
  return id_kind === ID_KINDS[kind] ? id_text : null;
}

async function readRawView(client: Queryable, row: EventRow, reader: RecordReader): Promise<RawView> {
  let view: RawView = missing(row, null);
  await eachRawRecord(client, [toRef(row)], (_ref, answer) => {
    if (answer.kind !== 'raw') {
      view = missing(row, answer.kind === 'damaged' ? answer.damage : null);
      return;
    }
    const read = readStored(reader, row, answer.record);
    const parts = toRawParts(row, answer.record, read, new PayloadBudget(), true);
    view = {
      parts,
      payload: parts.payload ?? null,
      damage: null,
      correlationId: read.envelope.correlationId,
      resolved: toResolved(read.envelope, row),
    };
  });
  return view;
}

/** What stays when the raw bytes cannot be shown. */
function missing(row: EventRow, damage: Damage | null): RawView {
  const parts = withoutRaw(row, damage?.why ?? 'expired');
  return { parts, payload: null, damage, correlationId: null, resolved: [] };
}

/** Values as the bytes say them today, each with the rule that found it when the event was stored. */
function toResolved(fields: ResolvedEnvelope, { origins }: EventRow): EventDetail['resolved'] {
  const names = Object.entries(FIELD_NAMES) as [ResolvedField, (typeof FIELD_NAMES)[ResolvedField]][];
  return names.map(([field, name]) => ({
    field: name,
    value: resolvedText(fields, field),
    origin: origins[field] ?? null,
  }));
}

function resolvedText(fields: ResolvedEnvelope, field: ResolvedField): string | null {
  if (field !== 'occurredAt') return fields[field];
  return fields.occurredAt === null ? null : microsToRfc3339(fields.occurredAt);
}

const SELECT = `${WITH_HOME}
  select ${EVENT_COLUMNS}, h.cause_incarnation_id, tr.id_text, tr.id_kind, e.resolver_version = coalesce((
    select id from rule_set where workspace_id = $1 order by in_force_at desc, id desc limit 1), 0) as rules_current
  from ${EVENT_JOINS}
  cross join home
  left join trace tr on tr.trace_key = e.trace_key
  where ${AT_HOME}`;
