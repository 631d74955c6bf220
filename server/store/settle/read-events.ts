import type { PoolClient } from 'pg';
import { EVENT_FLAGS } from '../../model/event.ts';
import type { StitchEvent } from '../../model/trace.ts';
import type { OpenTrace } from '../../ports/settle-store.ts';
import { causationIsCorrelation } from '../codes.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { MarkedTrace } from './take-marks.ts';

interface EventRow {
  trace_key: string;
  stored_day: string;
  incarnation_id: number;
  partition: number;
  offset: string;
  topic: string;
  event_key: string | null;
  causation_key: string | null;
  flags: number;
  type_id: number;
  service_id: number | null;
  occurred_us: string;
  recorded_us: string;
  body_hash: string;
}

/** All events of the marked traces, over the days they can lie in. Traces whose events are all expired are left out. */
export async function readEvents(
  client: PoolClient,
  marked: readonly MarkedTrace[],
): Promise<readonly (OpenTrace & MarkedTrace)[]> {
  const { rows } = await client.query<EventRow>(SELECT, [
    marked.map((trace) => trace.traceKey),
    marked.map((trace) => trace.firstDay).sort()[0],
    marked
      .map((trace) => trace.lastDay)
      .sort()
      .at(-1),
  ]);
  const byTrace = new Map<string, StitchEvent[]>();
  for (const row of rows) {
    const list = byTrace.get(row.trace_key);
    if (list === undefined) byTrace.set(row.trace_key, [toEvent(row)]);
    else list.push(toEvent(row));
  }
  return marked.flatMap((trace) => {
    const events = byTrace.get(trace.traceKey);
    return events === undefined ? [] : [{ ...trace, events }];
  });
}

function toEvent(row: EventRow): StitchEvent {
  return {
    storedDay: row.stored_day,
    incarnationId: row.incarnation_id,
    partition: row.partition,
    offset: BigInt(row.offset),
    topic: row.topic,
    eventKey: row.event_key,
    causationKey: row.causation_key,
    causationIsCorrelation: causationIsCorrelation(row.flags),
    typeId: row.type_id,
    serviceId: row.service_id,
    occurredAt: microsFromSql(row.occurred_us),
    recordedAt: microsFromSql(row.recorded_us),
    bodyHash: BigInt(row.body_hash),
    deadLetter: (row.flags & EVENT_FLAGS.dead_letter) !== 0,
  };
}

const SELECT = `
  select e.trace_key::text, e.stored_day::text, e.incarnation_id, e.partition, e."offset", i.topic,
    e.event_key::text, e.causation_key::text, e.flags, e.type_id, e.service_id,
    ${microsSql('e.occurred_at')} as occurred_us, ${microsSql('e.recorded_at')} as recorded_us, e.body_hash
  from event e join incarnation i on i.id = e.incarnation_id
  where e.trace_key = any($1::uuid[]) and e.stored_day between $2::date and $3::date`;
