import { z } from 'zod';
import type { ValueFormat } from '../../model/decoded.ts';
import { FIELD_NAMES } from '../../model/dialect.ts';
import type {
  DialectCount,
  DialectList,
  DialectWire,
  Explanation,
  JobList,
  TryRequest,
} from '../../model/dialect-wire.ts';
import { EVENT_FLAGS, type EventFlag } from '../../model/event.ts';
import type { JobKind, JobState, JobWire } from '../../model/job-wire.ts';
import { REASONS, type Reason } from '../../model/reason.ts';
import { ID_KINDS, type IdKind } from '../../model/trace-key.ts';
import { asOf, instant, integerText } from './common.ts';
import type { Matches } from './matches.ts';

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): [K, ...K[]] {
  return Object.keys(table) as [K, ...K[]];
}

const fieldName = z.enum(Object.values(FIELD_NAMES));

export const dialectCount = z.object({
  in_range: integerText,
  stored: integerText,
  last_at: instant.nullable(),
});
true satisfies Matches<z.output<typeof dialectCount>, DialectCount>;

export const dialect = z.object({
  name: z.string(),
  title: z.string(),
  from: z.enum(['throughline.yaml', 'built in']),
  line: z.int().nullable(),
  when: z.array(z.string()),
  rules: z.array(z.object({ field: fieldName, rules: z.array(z.string()) })),
  count: dialectCount,
});
true satisfies Matches<z.output<typeof dialect>, DialectWire>;

const STATES: Readonly<Record<JobState, true>> = {
  queued: true,
  running: true,
  done: true,
  failed: true,
  cancelled: true,
};

const KINDS: Readonly<Record<JobKind, true>> = { 're-resolve': true, 're-validate': true, 're-settle': true };

const jobKind = z.enum(keysOf<JobKind>(KINDS), 'must be re-resolve, re-validate or re-settle').meta({
  description:
    '`re-resolve` reads stored events again by the rules in force, `re-validate` holds them against the schemas in force, `re-settle` stitches traces of older topologies again.',
});

export const job = z.object({
  id: z.string(),
  kind: jobKind,
  state: z.enum(keysOf<JobState>(STATES)),
  requested_at: instant,
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
  done: integerText.meta({ description: 'Events, or traces of a re-settle, that were looked at.' }),
  total: integerText.meta({
    description: 'To look at; for traces an estimate until it is done. 0 while it is not known.',
  }),
  changed: integerText,
  message: z.string().nullable().meta({ description: 'Why it waits or failed.' }),
});
true satisfies Matches<z.output<typeof job>, JobWire>;

export const jobList = asOf.extend({ jobs: z.array(job) });
true satisfies Matches<z.output<typeof jobList>, JobList>;

export const dialectList = asOf.extend({
  range: z.object({ from: instant, to: instant }),
  dialects: z.array(dialect).meta({ description: 'In the order in which they are tried.' }),
  unmatched: dialectCount.meta({ description: 'Events that no dialect matched.' }),
  retired: z
    .array(z.object({ name: z.string(), count: dialectCount }))
    .meta({ description: 'Names that events were read by and that are no longer configured.' }),
  rules: z.object({
    version: z.int().nullable(),
    older: integerText.meta({ description: 'Events read by older rules.' }),
    older_unreachable: integerText.meta({ description: 'Of those: events whose payload has expired.' }),
  }),
  job: job.nullable(),
});
true satisfies Matches<z.output<typeof dialectList>, DialectList>;

const FORMATS: Readonly<Record<ValueFormat, true>> = { json: true, avro: true, protobuf: true, 'json schema': true };

const trial = z.object({
  rule: z.string(),
  outcome: z.enum(['found', 'absent', 'rejected', 'not reached']),
  value: z.string().nullable(),
  why: z.string().nullable(),
});

export const explanation = z.object({
  format: z.enum(keysOf<ValueFormat>(FORMATS)).nullable(),
  reason: z.enum(keysOf<Reason>(REASONS)).nullable(),
  dialects: z.array(z.object({ name: z.string(), matched: z.boolean(), failed: z.string().nullable() })),
  dialect: z.string(),
  fields: z.array(z.object({ field: fieldName, value: z.string().nullable(), trials: z.array(trial) })),
  flags: z.array(z.enum(keysOf<EventFlag>(EVENT_FLAGS))),
  trace_key: z.string().regex(/^[0-9a-f]{32}$/),
  id_kind: z.enum(keysOf<IdKind>(ID_KINDS)),
});
true satisfies Matches<z.output<typeof explanation>, Explanation>;

/** Most headers of a record that is tried. */
const MAX_HEADERS = 1000;

const text = z.string('must be a text');

export const tryRequest = z.union(
  [
    z.strictObject({ event: text.meta({ description: 'Record id of a stored event.' }) }),
    z.strictObject({
      topic: text.min(1, 'must not be empty').max(249, 'must be at most 249 characters'),
      key: text.nullable(),
      headers: z.array(z.strictObject({ name: text, value: text.nullable() })).max(MAX_HEADERS),
      value: text.nullable().meta({ description: 'Null for a tombstone.' }),
      encoding: z.enum(['text', 'base64']).meta({ description: 'How `value` is written.' }),
    }),
  ],
  'must have either event, or topic, key, headers, value and encoding',
);
true satisfies Matches<z.output<typeof tryRequest>, TryRequest>;

export const jobRequest = z.strictObject({ kind: jobKind });

/** A write without anything to say. */
export const noBody = z.strictObject({});
