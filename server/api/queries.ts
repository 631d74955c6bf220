import { z } from 'zod';
import { SEVERITIES } from '../model/alert-rule.ts';
import { DEAD_LETTER_DIMENSIONS } from '../model/dead-letter.ts';
import { LATENCY_EVIDENCES, LATENCY_GROUPS, LATENCY_SUBJECTS } from '../model/latency-wire.ts';
import { REASONS, type Reason } from '../model/reason.ts';
import { GROUP_STATES } from '../model/violation-wire.ts';
import { parseTimeParameter } from './time-parameter.ts';

/**
 * The query parameters of each resource: read by `parseQuery`, described by `openapi.json`. A `describe` is what the
 * description says; messages complete the sentence "parameter …".
 */
const text = (description: string) =>
  z
    .string()
    .max(1024, 'must be at most 1,024 characters')
    .refine((value) => !value.includes('\0'), 'must not contain U+0000')
    .meta({ description });

/** A whole number; described as an integer, although a query is text. */
const whole = (description: string, minimum: number, maximum: number) => {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, message)
    .meta({ description, type: 'integer', minimum, maximum });
};

const time = (description: string) =>
  z
    .string()
    .transform((value, context) => {
      const parsed = parseTimeParameter(value);
      if (parsed !== null) return parsed;
      context.addIssue('must be RFC 3339 with a zone (2026-01-31T12:00:00Z), relative (-60m, -24h, -7d) or now');
      return z.NEVER;
    })
    .meta({ description: `${description} RFC 3339, or relative to now: \`-60m\`, \`-24h\`, \`-7d\`, \`now\`.` });

const oneOf = <const T extends readonly [string, ...string[]]>(description: string, values: T) =>
  z.enum(values, `must be ${values.join(' or ')}`).meta({ description });

const cursor = z
  .string()
  .max(2048, 'was not written by this list')
  .optional()
  .meta({ description: '`next_cursor` of the page before.' });

const pageLimit = whole('Length of a page; 50 when absent.', 1, 200).optional();

const range = {
  from: time('From this instant.').optional(),
  to: time('Up to this instant.').optional(),
};

export const tracesQuery = z.strictObject({
  q: text(
    'Begin of a correlation id, in any case; or a whole event id, key, trace id or value of a declared field.',
  ).optional(),
  // Its own rule: ids hold anything, and this is the way to those a path cannot carry.
  correlation_id: z.string().optional().meta({ description: 'Exactly this correlation id.' }),
  event_id: text('Traces with an event of this id.').optional(),
  key: text('Traces with a record of this key, where the key is no correlation id.').optional(),
  trace_id: text('Traces with an event of this trace id of a tracing system.').optional(),
  field: text('Traces whose declared field has this value: `name:value`, by `fields:` of the configuration.')
    .transform((value, context) => {
      const at = value.indexOf(':');
      if (at > 0) return { name: value.slice(0, at), value: value.slice(at + 1) };
      context.addIssue('must be a name, a colon and a value');
      return z.NEVER;
    })
    .optional(),
  event_type: text('Traces with an event of this type.').optional(),
  service: text('Traces with an event of this service.').optional(),
  topic: text('Traces with an event on this topic.').optional(),
  status: oneOf('Status of the newest episode.', ['running', 'done', 'stalled', 'failed', 'unknown']).optional(),
  ...range,
  has: oneOf('Traces with an event that breaks its schema, or with a dead letter.', [
    'violation',
    'dead_letter',
  ]).optional(),
  min_duration_ms: whole('Traces that took at least this long.', 0, 1e15 - 1).optional(),
  singles: oneOf(
    'Event types that only ever appear alone: left out, listed alone, or both; both when absent and a trace is asked for by an id, a key or a field, else left out.',
    ['fold', 'only', 'all'],
  ).optional(),
  include: oneOf('`line`: up to 40 stations of each trace, for drawing.', ['line']).optional(),
  limit: pageLimit,
  cursor,
});

export const traceQuery = z.strictObject({
  include: oneOf('`payload`: each payload up to 64 KB, 4 MB in all.', ['payload']).optional(),
  limit: whole('Events of a page; 1,000 when absent.', 1, 1000).optional(),
  cursor,
});

export const eventsQuery = z.strictObject({
  topic: text('Events on this topic.').optional(),
  type: text('Events of this type.').optional(),
  service: text('Events of this service.').optional(),
  has: oneOf('Events without a correlation id, that could not be decoded, or that break their schema.', [
    'uncorrelated',
    'undecodable',
    'violation',
  ]).optional(),
  reason: z
    .enum(Object.keys(REASONS) as [Reason, ...Reason[]], 'is none of the reasons of the description')
    .optional()
    .meta({ description: 'Events kept apart for this reason.' }),
  dialect: text('Events read by this dialect; `none` for those that none read. Needs `clock=stored`.').optional(),
  clock: oneOf('The clock that `from` and `to` mean; `occurred` when absent.', ['occurred', 'stored']).optional(),
  ...range,
  limit: pageLimit,
  cursor,
});

export const searchQuery = z.strictObject({
  q: z
    .string('must be given')
    .max(1024, 'must be at most 1,024 characters')
    .refine((value) => !value.includes('\0'), 'must not contain U+0000')
    .meta({
      description:
        'A correlation id or its begin, in any case; a whole event id, key, trace id or value of a declared field; or a part of the name of a type, a service, a topic or an owner.',
    }),
  limit: whole('Results of each kind; 8 when absent.', 1, 50).optional(),
});

export const alertsQuery = z.strictObject({
  state: oneOf('Alerts in this state.', ['pending', 'firing', 'resolved', 'no data', 'error']).optional(),
  severity: oneOf('Alerts of this severity.', [...SEVERITIES]).optional(),
  from: time('Changes from this instant; a day before `to` when absent.').optional(),
  to: time('Changes up to this instant; now when absent.').optional(),
});

export const stallsQuery = z.strictObject({ limit: pageLimit, cursor });

export const consumerGroupsQuery = z.strictObject({
  topic: text('Groups that committed on this topic, with this topic alone.').optional(),
  group: text('Exactly this group.').optional(),
  include: oneOf('`partitions`: each partition with its committed offset and its ends.', ['partitions']).optional(),
  limit: pageLimit,
  cursor,
});

export const rangeQuery = z.strictObject({
  from: time('Begin of the range; an hour before its end when absent.').optional(),
  to: time('End of the range; now when absent.').optional(),
});

export const schemaSaysQuery = z.strictObject({
  version: text('The version, as the schema writes it; absent for one without.').optional(),
  path: text('Where events break the rule: a JSON pointer from the root of the body, absent for the root.').optional(),
  rule: text('The keyword; without it only the version before is told of.').optional(),
});

export const driftQuery = rangeQuery.extend({ event_type: text('Events of this type.').optional() });

export const violationsQuery = rangeQuery.extend({
  event_type: text('Groups and events of this type.').optional(),
  service: text('Groups and events of this service.').optional(),
  path: text('Where the rule is broken: this JSON pointer, whatever the places in lists.').optional(),
  rule: text('The keyword that is broken, `decode`, or `unknown_reference`.').optional(),
  state: oneOf('Groups in this state; events of all states are listed.', [...GROUP_STATES]).optional(),
  group: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be the key of a group')
    .optional()
    .meta({ description: 'This group, and its events.' }),
  limit: pageLimit,
  cursor,
});

export const deadLettersQuery = rangeQuery.extend({
  cluster: text('Kafka’s cluster id, where several have a topic of this name.').optional(),
  group_by: oneOf('What puts dead letters into one group; `reason` when absent.', DEAD_LETTER_DIMENSIONS).optional(),
  reason: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be the key of a reason')
    .optional()
    .meta({ description: 'Dead letters with this reason, by its key.' }),
  error_class: text('Dead letters with this class of error.').optional(),
  original_topic: text('Dead letters of events of this topic.').optional(),
  service: text('Dead letters of events of this service.').optional(),
  event_type: text('Dead letters of events of this type.').optional(),
  without: oneOf('Dead letters that say nothing of this.', ['error_class', 'original_topic', 'service']).optional(),
  limit: pageLimit,
  cursor,
});

export const violationExportQuery = violationsQuery.omit({ state: true, limit: true, cursor: true }).extend({
  format: oneOf('`ndjson` when absent; `csv` has a row for each thing that is wrong.', ['ndjson', 'csv']).optional(),
});

export const latencyQuery = rangeQuery.extend({
  subject: oneOf('What is measured: hops, whole flows, or a request until its reply; `hop` when absent.', [
    ...LATENCY_SUBJECTS,
  ]).optional(),
  group: oneOf('What a row stands for; `event_type` when absent.', [...LATENCY_GROUPS]).optional(),
  evidence: oneOf('Hops whose cause is named, is inferred, or both; `all` when absent.', [
    ...LATENCY_EVIDENCES,
  ]).optional(),
  event_type: text('The row of this type, with its distribution.').optional(),
  cause_type: text('The row of this type of cause; with `event_type`.').optional(),
  service: text('The row of this service, with its distribution.').optional(),
});

export const coverageQuery = rangeQuery.extend({
  topic: text('Partitions of this topic.').optional(),
  has: oneOf('`holes`: only partitions with holes or damaged records.', ['holes']).optional(),
  limit: whole('Partitions of a page; 1,000 when absent, 0 for the sums alone.', 0, 1000).optional(),
  cursor,
});

export const liveQuery = z.strictObject({
  last_event_id: z
    .string()
    .regex(/^\d{1,19}$/, 'must be the id of a frame')
    .transform(BigInt)
    .optional()
    .meta({ description: 'Resume after this frame; the header `Last-Event-ID` comes before it.' }),
});

/** The id of a job or a delivery. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const deliveriesQuery = z.strictObject({
  receiver: text('Deliveries to the receiver of this name.').optional(),
  state: oneOf('Deliveries that wait for a try, that were taken, or that were given up.', [
    'waiting',
    'delivered',
    'dead',
  ]).optional(),
  alert: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'must be the fingerprint of an alert')
    .optional()
    .meta({ description: 'Deliveries that tell of this alert.' }),
  id: z.string().regex(UUID, 'must be the id of a delivery').optional().meta({ description: 'This delivery alone.' }),
  limit: pageLimit,
  cursor,
});

export const noQuery = z.strictObject({});
