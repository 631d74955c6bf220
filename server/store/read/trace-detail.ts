import type { Pool } from 'pg';
import type { WhoseWire } from '../../model/owner-wire.ts';
import type { Ownership } from '../../model/ownership.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import type { TraceStatus } from '../../model/trace.ts';
import { traceKey } from '../../model/trace-key.ts';
import type { TraceDetail, TraceEvent } from '../../model/wire.ts';
import type { RecordReader, TraceName } from '../../ports/reads.ts';
import { type Damage, noteDamage } from '../damage.ts';
import { readTraceLetters } from '../dead-letters/letter-list.ts';
import { isStorageDamage } from '../sql-state.ts';
import { microsFromSql } from '../sql-time.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { readRelations } from './event-relations.ts';
import {
  coordinates,
  type EventRow,
  type RawParts,
  readStored,
  toRawParts,
  toRef,
  toTraceEvent,
  withoutRaw,
} from './event-rows.ts';
import { readEventSchemas } from './event-schemas.ts';
import { whoseIs } from './owners.ts';
import { PayloadBudget } from './payload.ts';
import { eachRawRecord } from './raw-records.ts';
import { readStall, type StallContext } from './stalls.ts';
import { foreseeTraceEvents, readTraceEvents } from './trace-events.ts';
import { readTraceRow } from './trace-row.ts';
import { type SummaryContext, type TraceRow, toSummary } from './trace-summary.ts';

export interface DetailOptions {
  readonly includePayload: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

export type DetailBody = Omit<TraceDetail, 'as_of' | 'coverage'>;

/**
 * One trace with a page of its events. Everything is read in one snapshot, so that events, hops and marks fit together:
 * an event that is not within the trace row's days has a mark that is visible here, and is found by the mark's day.
 */
export async function readTraceDetail(
  pool: Pool,
  workspaceId: number,
  name: TraceName,
  options: DetailOptions,
  context: SummaryContext & { readonly reader: RecordReader; readonly stalls: StallContext },
): Promise<DetailBody | null> {
  const keys =
    'key' in name
      ? [name.key]
      : (['correlation', 'trace'] as const).map((kind) => traceKey(workspaceId, kind, name.id));
  const [firstKey] = keys;
  const read = (atOnce: boolean) =>
    inTransaction(
      pool,
      async (client) => {
        const [trace, foreseen] = await Promise.all([
          readTraceRow(client, keys),
          firstKey === undefined || options.cursor !== undefined
            ? null
            : foreseeTraceEvents(client, firstKey, options.limit),
        ]);
        if (trace === null) return null;
        const page = await readTraceEvents(client, trace, options, foreseen);
        // Asked behind each other: PostgreSQL looks for relations while the bytes are unpacked here.
        const [raw, relations, schemaOf] = await Promise.all([
          readRaw(client, page.rows, context.reader, { ...options, atOnce }),
          readRelations(client, page.rows),
          readEventSchemas(client, page.rows),
        ]);
        const summary = toSummary(trace, context);
        const events = page.rows.map((row) =>
          toTraceEvent(row, raw.partsOf(row), { ...relations(row), schema: schemaOf(row) }),
        );
        const stall = summary.status === 'stalled' ? await readStall(context.stalls, client, trace.trace_key) : null;
        const body: DetailBody = {
          ...summary,
          stall,
          owner: stall?.whose ?? (summary.status === 'failed' ? whoseFailure(events, context.stalls.ownership) : null),
          status_reason: reasonOf(trace, summary.status),
          producer_count: trace.services.length,
          events,
          dead_letters: trace.dead_letter_count === 0 ? [] : await readTraceLetters(client, trace.trace_key),
          next_cursor: page.nextCursor,
          expired_events: trace.expired_count + Math.max(0, trace.event_count + trace.duplicate_count - page.found),
          settled_at: microsToRfc3339(microsFromSql(trace.settled_us)),
        };
        return { body, damages: raw.damages };
      },
      BEGIN.prepared,
    );
  const found = await read(true).catch((error: unknown) => {
    if (!isStorageDamage(error)) throw error;
    return read(false);
  });
  if (found === null) return null;
  await noteDamage(pool, found.damages);
  return found.body;
}

/** Why the status is what it is, where its word does not say so. */
function reasonOf(trace: TraceRow, status: TraceStatus): string | null {
  if (status === 'failed') return trace.failed_type === null ? 'An event of it is a dead letter.' : trace.failed_type;
  if (status === 'unknown' && trace.tap_behind)
    return 'The next event is overdue, but the tap is behind: it may have come.';
  return null;
}

/** Whose the last event is that says that something failed; null when that is not on this page. */
function whoseFailure(events: readonly TraceEvent[], ownership: Ownership): WhoseWire | null {
  const failure = events.findLast(
    ({ event_type, flags }) => /failed$/i.test(event_type) || flags.includes('dead_letter'),
  );
  return failure === undefined ? null : whoseIs(ownership, failure);
}

async function readRaw(
  client: Queryable,
  rows: readonly EventRow[],
  reader: RecordReader,
  { includePayload, atOnce }: { readonly includePayload: boolean; readonly atOnce: boolean },
): Promise<{ partsOf: (row: EventRow) => RawParts; damages: readonly Damage[] }> {
  const byRef = new Map(rows.map((row) => [coordinates(toRef(row)), row]));
  const parts = new Map<EventRow, RawParts>();
  const damages: Damage[] = [];
  const budget = new PayloadBudget();
  await eachRawRecord(
    client,
    rows.map(toRef),
    (ref, answer) => {
      const row = byRef.get(coordinates(ref));
      if (row === undefined) return;
      if (answer.kind === 'raw')
        parts.set(row, toRawParts(row, answer.record, readStored(reader, row, answer.record), budget, includePayload));
      if (answer.kind !== 'damaged') return;
      parts.set(row, withoutRaw(row, answer.damage.why));
      damages.push(answer.damage);
    },
    { atOnce },
  );
  return { partsOf: (row) => parts.get(row) ?? withoutRaw(row, 'expired'), damages };
}
