import type { DeadLetterFamily } from './dead-letter.ts';

/**
 * Bodies of dead letters: how each is told from the others, and where the event stands in it. The one table of them: the
 * dialects that resolve their envelopes are made of it, and what they say of the failure is read by it. In the order in which
 * they are tried.
 */
export interface DeadLetterBody {
  readonly family: DeadLetterFamily;
  /** JSON pointers; of each list the body has at least one. */
  readonly has: readonly (readonly string[])[];
  /** Pointer of the event inside; null where its fields stand beside those of the failure. */
  readonly inside: string | null;
  /** Others than dead letters may have such a body. */
  readonly sure: boolean;
}

/** What a body says of a failure. Without one of them an `original_event` is just an event's own field. */
const FAILED = [
  ...['/error', '/error_message', '/error_type', '/error_timestamp', '/error_details', '/failure_reason'],
  ...['/failure_timestamp', '/failure_type', '/failure_class', '/failed_at'],
];

export const DEAD_LETTER_BODIES = {
  quarantine: {
    family: 'quarantine',
    has: [['/quarantine_correlation_id', '/quarantined_at', '/quarantined_by']],
    inside: '/original_payload',
    sure: true,
  },
  envelope: {
    family: 'original_envelope',
    has: [['/original_envelope'], FAILED],
    inside: '/original_envelope',
    sure: true,
  },
  enrichment: {
    family: 'enrichment',
    has: [['/original_event'], ['/event_type'], FAILED],
    inside: '/original_event',
    sure: true,
  },
  event: { family: 'original_event', has: [['/original_event'], FAILED], inside: '/original_event', sure: true },
  value: { family: 'original_value', has: [['/original_value'], FAILED], inside: '/original_value', sure: true },
  message: {
    family: 'original_message.value',
    has: [['/original_message/value'], ['/original_message/offset', '/original_message/partition'], FAILED],
    inside: '/original_message/value',
    sure: true,
  },
  projection: {
    family: 'projection',
    has: [['/original_message'], ['/handler', '/quarantine_fallback', '/failure_class'], FAILED],
    inside: '/original_message',
    sure: true,
  },
  bridge: { family: 'original_message', has: [['/original_message'], FAILED], inside: '/original_message', sure: true },
  flat: { family: 'flat', has: [['/original_topic'], FAILED], inside: null, sure: false },
} as const satisfies Readonly<Record<string, DeadLetterBody>>;

/** Where an event that stands inside a dead letter keeps its correlation id. */
export const INSIDE_CORRELATION = [
  '/correlation_id',
  '/correlationId',
  '/payload/correlation_id',
  '/*_data/correlation_id',
  '/payload/*_data/correlation_id',
] as const;
