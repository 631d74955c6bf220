import type { DeadLetterFacts } from '../../model/dead-letter.ts';
import type { PreparedEvent, Resolution } from '../../model/event.ts';
import { recordId } from '../../model/record.ts';
import { UNCHECKED } from '../../model/schema-check.ts';
import { traceKey } from '../../model/trace-key.ts';
import type { Queryable } from '../transaction.ts';

/** Of a record without projections no field is known, so no rule found any. */
export const NOTHING_READ: Resolution = { dialect: 'none', origins: {} };

/** A dead letter is one by its topic, whatever of it the database refuses. */
const POISONED_LETTER: DeadLetterFacts = {
  family: 'unknown',
  original: { topic: null, partition: null, offset: null, timestamp: null },
  ...{ consumerGroup: null, failedIn: null, reason: null, fingerprint: '', errorClass: null, retryCount: null },
  ...{ failedAt: null, problems: ['poison value'] },
};

/** A record whose projections the database refused: raw bytes and coordinates only, with the reason. */
export async function poisoned(
  client: Queryable,
  workspaceId: number,
  event: PreparedEvent,
  topic: string,
): Promise<PreparedEvent> {
  const { rows } = await client.query<{ id: number; cluster: string; topic: string; n: number }>(
    `select i.id, c.kafka_id as cluster, i.topic, i.n
     from incarnation i join cluster c on c.id = i.cluster_id where i.id = $1`,
    [event.incarnationId],
  );
  const [incarnation] = rows;
  if (incarnation === undefined) throw new Error(`no incarnation ${event.incarnationId}`);
  return {
    ...event,
    traceKey: traceKey(workspaceId, 'record', recordId(incarnation, event.partition, event.offset)),
    idKind: 'record',
    idText: null,
    eventKey: null,
    causationKey: null,
    causationIsCorrelation: false,
    eventType: topic,
    service: null,
    resolution: NOTHING_READ,
    spanId: null,
    parentSpanId: null,
    terms: [],
    occurredAt: event.recordedAt,
    flags: ['time_from_record', 'type_from_topic', ...(event.deadLetter === null ? [] : (['dead_letter'] as const))],
    deadLetter: event.deadLetter === null ? null : POISONED_LETTER,
    reason: 'poison value',
    check: UNCHECKED,
    fields: null,
  };
}
