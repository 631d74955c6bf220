import type { PoolClient } from 'pg';
import { EVENT_FLAGS } from '../../model/event.ts';
import type { TopicStage } from '../../model/topic-stage.ts';
import type { StitchEvent } from '../../model/trace.ts';
import type { DirtyTrace, OpenTrace } from '../../ports/settle-store.ts';
import { causationIsCorrelation, isViolatingRow } from '../codes.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { EventNames } from './event-names.ts';
import type { TraceSpan } from './trace-span.ts';

interface EventRow {
  trace_key: string;
  stored_day: string;
  incarnation_id: number;
  partition: number;
  offset: string;
  event_key: string | null;
  causation_key: string | null;
  flags: number;
  type_id: number;
  service_id: number | null;
  occurred_us: string;
  recorded_us: string;
  body_hash: string;
  span: string | null;
  parent_span: string | null;
}

/** Said of each record when it was read, by declaration, name, headers or body: nobody judges it anew here. */
const DEAD_LETTER = EVENT_FLAGS.dead_letter | EVENT_FLAGS.dead_letter_mirror;

/**
 * All events of the marked traces, over the days they can lie in. Traces whose events are all expired are left out.
 * `names` is for who reads again and again.
 */
export async function readEvents<T extends DirtyTrace & TraceSpan>(
  client: PoolClient,
  marked: readonly T[],
  names = new EventNames(),
): Promise<readonly (OpenTrace & T)[]> {
  const { rows } = await client.query<EventRow>(SELECT, [
    marked.map((trace) => trace.traceKey),
    marked.map((trace) => trace.firstDay).sort()[0],
    marked
      .map((trace) => trace.lastDay)
      .sort()
      .at(-1),
  ]);
  const typeOf = await names.types(client, new Set(rows.map((row) => row.type_id)));
  const topicOf = await names.topics(client, new Set(rows.map((row) => row.incarnation_id)));
  const begins = new Map(marked.map((trace) => [trace.traceKey, trace.firstDay]));
  const byTrace = new Map<string, StitchEvent[]>();
  for (const row of rows) {
    // The range is that of all of them; what lies before its own days is sealed.
    if (row.stored_day < (begins.get(row.trace_key) ?? '')) continue;
    const topic = topicOf(row.incarnation_id);
    const event = toEvent(row, { topic, typeText: typeOf(row.type_id), stage: names.stageOf(topic) });
    const list = byTrace.get(row.trace_key);
    if (list === undefined) byTrace.set(row.trace_key, [event]);
    else list.push(event);
  }
  return marked.flatMap((trace) => {
    const events = byTrace.get(trace.traceKey);
    return events === undefined ? [] : [{ ...trace, events }];
  });
}

interface Named {
  readonly topic: string;
  readonly typeText: string;
  readonly stage: TopicStage;
}

function toEvent(row: EventRow, { topic, typeText, stage }: Named): StitchEvent {
  return {
    storedDay: row.stored_day,
    incarnationId: row.incarnation_id,
    partition: row.partition,
    offset: BigInt(row.offset),
    topic,
    eventKey: row.event_key,
    causationKey: row.causation_key,
    causationIsCorrelation: causationIsCorrelation(row.flags),
    typeId: row.type_id,
    typeText,
    serviceId: row.service_id,
    occurredAt: microsFromSql(row.occurred_us),
    recordedAt: microsFromSql(row.recorded_us),
    bodyHash: BigInt(row.body_hash),
    topicKind: stage.kind,
    topicBase: stage.base,
    deadLetter: (row.flags & DEAD_LETTER) !== 0,
    mirror: (row.flags & EVENT_FLAGS.dead_letter_mirror) !== 0,
    violating: isViolatingRow(row.flags),
    span: row.span === null ? null : BigInt(row.span),
    parentSpan: row.parent_span === null ? null : BigInt(row.parent_span),
  };
}

const SELECT = `
  select e.trace_key::text, e.stored_day::text, e.incarnation_id, e.partition, e."offset",
    e.event_key::text, e.causation_key::text, e.flags, e.type_id, e.service_id,
    ${microsSql('e.occurred_at')} as occurred_us, ${microsSql('e.recorded_at')} as recorded_us, e.body_hash,
    e.span, e.parent_span
  from event e
  where e.trace_key = any($1::uuid[]) and e.stored_day between $2::date and $3::date`;
