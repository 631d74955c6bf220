import { z } from 'zod';
import {
  type EventSchema,
  GROUP_STATES,
  SAID_STATES,
  type SchemaCoverage,
  type SchemaList,
  type SchemaName,
  type SchemaSays,
  type ViolationError,
  type ViolationEvent,
  type ViolationGroup,
  type ViolationList,
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
  rule: text.meta({ description: 'The keyword of JSON Schema that was broken; `decode`, or `unknown_reference`.' }),
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

const groupState = z.enum(GROUP_STATES);
const groupKey = z.string().regex(/^[0-9a-f]{32}$/);

export const violationGroup = z.object({
  key: groupKey,
  event_type: text,
  topic: text,
  service: text.nullable(),
  whose,
  schema: schemaName.nullable(),
  schema_since: instant.nullable().meta({
    description: 'When this version was first used, where the group began with it and another came before.',
  }),
  path: text.meta({
    description:
      'As of its events, with `*` for places in lists; `*` alone is what is beyond the groups that a type, service and schema may have.',
  }),
  rule: text.meta({ description: 'As of its events; `more_paths` where the path is `*` alone.' }),
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

const verdict = z.enum(['yes', 'no', 'unknown']);
const readers = z.enum(['backward', 'forward', 'both', 'none']);

const clause = z.object({
  schema: schemaName.meta({
    description: 'The file or subject it stands in: another one where a reference leads there.',
  }),
  pointer: text.meta({ description: 'JSON pointer to the keyword.' }),
  line: z.int().meta({ description: 'Line of the file, from 1.' }),
  lines: z
    .array(z.object({ depth: z.int(), text, is_rule: z.boolean() }))
    .meta({ description: 'The schema around it, what is long cut.' }),
});

const versionBefore = z.object({
  schema: schemaName,
  was: text.nullable().meta({ description: 'The rule as JSON in that version; null where it does not stand.' }),
  is: text.nullable().meta({ description: 'The rule as JSON in this version.' }),
  backward: verdict.meta({ description: 'Whether this version accepts all events of that one.' }),
  forward: verdict.meta({ description: 'Whether that version accepts all events of this one.' }),
  changes: z.array(z.object({ path: text, breaks: readers, may_break: readers, sentence: text, is_here: z.boolean() })),
  more_changes: z.boolean(),
  other_part: z.boolean().meta({ description: 'They describe different parts of an event, and are not compared.' }),
});

export const schemaSays = z.object({
  schema: schemaName,
  clauses: z.array(clause).meta({ description: 'Where the rule stands: several where branches hold at one place.' }),
  more_clauses: z.boolean(),
  before: versionBefore.nullable().meta({ description: 'Null where no older version is in force.' }),
});
true satisfies Matches<z.output<typeof schemaSays>, SchemaSays>;

/** What is sent to say something of a group. */
export const stateRequest = z.strictObject({
  group: groupKey.meta({ description: 'Key of the group.' }),
  state: z.enum(SAID_STATES, `must be ${SAID_STATES.slice(0, -1).join(', ')} or ${SAID_STATES.at(-1)}`),
  until: z.iso
    .datetime({ offset: true, message: 'must be RFC 3339 with a zone' })
    .nullish()
    .meta({ description: 'Of `muted`; without it until somebody says otherwise.' }),
  note: z.string().max(2000, 'must be at most 2,000 characters').nullish(),
});

/** What was said of a group. */
export const stateAnswer = z.object({ group: groupKey, state: text });
