import type { Schemas } from '../decode/decode-value.ts';
import { explainEnvelope } from '../envelope/explain-envelope.ts';
import type { Explanation } from '../model/dialect-wire.ts';
import { type Incarnation, recordId, type SourceRecord } from '../model/record.ts';
import { traceKey, traceKeyToHex } from '../model/trace-key.ts';
import { identifyTrace } from './identify-trace.ts';
import { eventFlags, reasonOf } from './prepare-event.ts';
import { NO_SCHEMAS, readValue } from './read-value.ts';
import type { Reading } from './reading.ts';

/** Where a record to be explained stands, or would stand. */
export interface ExplainedPlace {
  readonly workspaceId: number;
  readonly incarnation: Incarnation;
  readonly partition: number;
}

/** How a record is read, step by step, and in which trace it would be. Stores nothing. */
export function explainRecord(
  record: SourceRecord,
  place: ExplainedPlace,
  reading: Reading,
  schemas: Schemas = NO_SCHEMAS,
): Explanation {
  const { workspaceId, incarnation, partition } = place;
  const topic = reading.queues.topicName(incarnation.topic);
  const { decoded, envelope } = readValue(record, topic, reading, schemas);
  const { idKind, idText } = identifyTrace(envelope, topic.kind);
  const id = idText ?? recordId(incarnation, partition, record.offset);
  return {
    format: decoded.kind === 'value' ? decoded.format : null,
    reason: reasonOf(decoded, idKind, topic.kind),
    ...explainEnvelope(decoded.kind === 'value' ? decoded.value : null, record, topic, reading.rules),
    flags: eventFlags(envelope),
    trace_key: traceKeyToHex(traceKey(workspaceId, idKind, id)),
    id_kind: idKind,
  };
}
