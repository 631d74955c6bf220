import type { FieldName } from '@/server/model/dialect.ts';
import type { EventFlag } from '@/server/model/event.ts';
import type { IdKind } from '@/server/model/trace-key.ts';

/** The fields of an envelope as pages call them, in the order they are listed. */
export const FIELD_WORDS: Record<FieldName, string> = {
  event_id: 'Event id',
  event_type: 'Event type',
  correlation_id: 'Correlation id',
  causation_id: 'Causation id',
  service: 'Service',
  occurred_at: 'Occurred',
  trace_id: 'Trace id',
  span_id: 'Span',
  parent_span_id: 'Parent span',
  tenant: 'Tenant',
};

/** What a reader must know of an event, in a sentence each. */
export const FLAG_SENTENCES: Record<EventFlag, string> = {
  naive_time: 'Its time has no zone and is read as UTC.',
  time_from_record: 'It carries no readable time; the record timestamp stands in.',
  type_from_topic: 'Its type is taken from the topic name.',
  dead_letter: 'It is a dead letter.',
  dead_letter_mirror: 'It is a copy of a dead letter and counts in no depth.',
  far_time: 'Its time lies more than a year before its record timestamp, or more than a day after it.',
  repeated_field:
    'A field is written more than once with different values; the first header, the last JSON key counts.',
  correlation_mismatch: 'A header names another correlation id; the body wins.',
};

/** By what an event finds its trace, in a sentence. */
export const ID_KIND_SENTENCES: Record<IdKind, string> = {
  correlation: 'It is stitched by its correlation id.',
  trace: 'It is stitched by its trace id: it names no correlation id.',
  record: 'It names no id to stitch by and is in no trace.',
};
