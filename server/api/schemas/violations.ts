import { z } from 'zod';
import type {
  EventSchema,
  SchemaCoverage,
  SchemaList,
  SchemaName,
  ViolationError,
  ViolationEvent,
  ViolationGroup,
  ViolationList,
} from '../../model/violation-wire.ts';
import { asOf, instant, integerText } from './common.ts';
import { job } from './dialects.ts';
import type { Matches } from './matches.ts';
import { whose } from './owners.ts';

const status = z.enum(['ok', 'violation', 'unknown_reference', 'unchecked']);
const text = z.string();

export const schemaName = z.object({
  name: text.meta({ description: 'The file, or the registry’s subject.' }),
  title: text.nullable(),
  version: text.nullable(),
  origin: z.enum(['operator', 'registry', 'built in']),
});
true satisfies Matches<z.output<typeof schemaName>, SchemaName>;

export const violationError = z.object({
  path: text.meta({ description: 'JSON pointer from the root of the body; of a missing field to where it should be.' }),
  rule: text.meta({ description: 'The keyword of JSON Schema that was broken, or `unknown_reference`.' }),
  sentence: text,
  was: text.nullable().meta({ description: 'The value as JSON, cut.' }),
  near_miss: text.nullable().meta({ description: 'A key or value that was probably meant.' }),
  schema: schemaName.nullable(),
});
true satisfies Matches<z.output<typeof violationError>, ViolationError>;

export const eventSchema = z.object({
  status,
  schema: schemaName.nullable(),
  errors: z.array(violationError),
  complete: z.boolean().meta({ description: 'False when there may be more errors than these.' }),
});
true satisfies Matches<z.output<typeof eventSchema>, EventSchema>;

const groupState = z.enum(['new', 'acknowledged', 'muted', 'resolved', 'back']);
const groupKey = z.string().regex(/^[0-9a-f]{32}$/);

export const violationGroup = z.object({
  key: groupKey,
  event_type: text,
  topic: text,
  service: text.nullable(),
  whose,
  schema: schemaName.nullable(),
  path: text,
  rule: text,
  sentence: text.meta({ description: 'Of its newest event.' }),
  count: z.number().meta({ description: 'Events in the range.' }),
  share: z.number().nullable().meta({ description: 'Of all events of this type and service in the range, 0 to 1.' }),
  first_seen: instant,
  last_seen: instant,
  trend: z.array(z.number()).meta({ description: 'Events per step, oldest first.' }),
  state: groupState,
  state_since: instant.nullable(),
  muted_until: instant.nullable(),
  note: text.nullable(),
});
true satisfies Matches<z.output<typeof violationGroup>, ViolationGroup>;

export const violationEvent = z.object({
  id: text,
  topic: text,
  partition: z.int(),
  offset: integerText,
  event_type: text,
  service: text.nullable(),
  event_id: text.nullable(),
  correlation_id: text.nullable(),
  trace_key: groupKey,
  occurred_at: instant,
  stored_at: instant,
  errors: z.array(violationError),
});
true satisfies Matches<z.output<typeof violationEvent>, ViolationEvent>;

export const violationList = asOf.extend({
  from: instant,
  to: instant,
  step_s: z.number(),
  groups: z.array(violationGroup),
  more_groups: z.boolean(),
  violations: z.array(violationEvent),
  next_cursor: text.nullable(),
  counts: z.object({ ok: integerText, violation: integerText, unknown_reference: integerText, unchecked: integerText }),
});
true satisfies Matches<z.output<typeof violationList>, ViolationList>;

export const schemaCoverage = z.object({
  event_type: text,
  schema: schemaName.nullable(),
  seen: integerText,
  ok: integerText,
  violating: integerText,
  unchecked: integerText,
});
true satisfies Matches<z.output<typeof schemaCoverage>, SchemaCoverage>;

export const schemaList = asOf.extend({
  other_schemas: z
    .object({ events: integerText, unreachable: integerText })
    .meta({ description: 'Stored events that were held against other schemas, with those whose payload has expired.' }),
  job: job.nullable().meta({ description: 'The newest that holds them against the schemas in force.' }),
  from: instant,
  to: instant,
  event_types: z.array(schemaCoverage),
  schemas: z.array(schemaName.extend({ source: text.nullable(), event_types: z.array(text) })),
  broken: z.array(z.object({ name: text, line: z.int(), reason: text })),
});
true satisfies Matches<z.output<typeof schemaList>, SchemaList>;

/** What is sent to say something of a group. */
export const stateRequest = z.strictObject({
  group: groupKey.meta({ description: 'Key of the group.' }),
  state: z.enum(['new', 'acknowledged', 'muted', 'resolved'], 'must be new, acknowledged, muted or resolved'),
  until: z.iso
    .datetime({ offset: true, message: 'must be RFC 3339 with a zone' })
    .nullish()
    .meta({ description: 'Of `muted`; without it until somebody says otherwise.' }),
  note: z.string().max(2000, 'must be at most 2,000 characters').nullish(),
});

/** What was said of a group. */
export const stateAnswer = z.object({ group: groupKey, state: text });
