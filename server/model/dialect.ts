import type { ResolvedField } from './event.ts';

/**
 * One way of writing an envelope, as data. Built-in dialects and those of `throughline.yaml` have the same form: texts,
 * which `rule-text.ts` reads and every page shows as they are.
 */
export interface DialectSpec {
  /** Lower-case letters, digits and dashes; unique. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly title: string;
  /** All must hold, e.g. `body has /event_id`, `header ce_id`, `topic ^orders\\.`. An empty list always holds. */
  readonly when: readonly string[];
  /** Per field where to look, in order: the first rule that finds a value wins, e.g. `body /correlation_id`. */
  readonly rules: Readonly<Partial<Record<ResolvedField, readonly string[]>>>;
}

/** The resolved fields in the order pages list them, with the names they have in YAML and API. */
export const FIELD_NAMES = {
  eventId: 'event_id',
  eventType: 'event_type',
  correlationId: 'correlation_id',
  causationId: 'causation_id',
  service: 'service',
  occurredAt: 'occurred_at',
  traceId: 'trace_id',
  spanId: 'span_id',
  parentSpanId: 'parent_span_id',
  tenant: 'tenant',
} as const satisfies Record<ResolvedField, string>;

export type FieldName = (typeof FIELD_NAMES)[ResolvedField];
