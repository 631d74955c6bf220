import { z } from 'zod';
import { writtenRule } from '../../alerts/rule-schema.ts';
import { ALERT_KINDS, type AlertKind } from '../../model/alert-rule.ts';
import {
  type AcknowledgementWire,
  type AlertDetail,
  type AlertList,
  type AlertRuleList,
  type AlertRuleWire,
  type AlertTransitionWire,
  type AlertWire,
  MATCHER_OPERATORS,
  type MatcherWire,
  type QueueResolved,
  type RulePreview,
  type SilenceList,
  type SilenceWire,
} from '../../model/alert-wire.ts';
import { asOf, instant, integerText } from './common.ts';
import type { Matches } from './matches.ts';
import { owner } from './owners.ts';

const text = z.string();
const fingerprint = z.string().regex(/^[0-9a-f]{16}$/);
const labels = z.record(text, text);
const kind = z.enum(Object.keys(ALERT_KINDS) as [AlertKind, ...AlertKind[]]);
const unit = z.enum(['records', 'ms', 'per minute', 'share', 'traces']);
const state = z.enum(['inactive', 'pending', 'firing', 'resolved', 'no data', 'error']).meta({
  description: '`no data` and `error` lie over the state behind them (`held`), and never resolve by themselves.',
});
const threshold = z.object({
  value: z.number().nullable().meta({ description: 'Null: the objective of each event type.' }),
  unit,
});

export const alertTransition = z.object({
  at: instant,
  rule: text,
  fingerprint,
  labels,
  firing: z.int().meta({ description: 'Which firing it belongs to, from 1; 0 before the first.' }),
  from: state,
  to: state,
  value: z.number().nullable(),
  why: text.nullable(),
});
true satisfies Matches<z.output<typeof alertTransition>, AlertTransitionWire>;

export const acknowledgement = z.object({ at: instant, author: text, note: text.nullable() });
true satisfies Matches<z.output<typeof acknowledgement>, AcknowledgementWire>;

export const alert = z.object({
  fingerprint,
  rule: text,
  kind,
  state,
  since: instant,
  held: state,
  held_since: instant,
  trouble: text.nullable().meta({ description: 'Why there is no data, or what the error is.' }),
  severity: text,
  labels,
  annotations: labels.meta({
    description: '`summary`, `description`, `trace_1` …; paths are below the external address.',
  }),
  value: z.number().nullable(),
  threshold,
  expired_unhandled: z
    .number()
    .nullable()
    .meta({ description: 'Records that left the queue before anybody handled them, since the alert left `inactive`.' }),
  needs_resolving: z.boolean().meta({ description: 'It resolves only when somebody says that the queue is resolved.' }),
  firing: z.int(),
  starts_at: instant.nullable(),
  ends_at: instant.nullable(),
  owner: owner.nullable(),
  receivers: z.array(text),
  acknowledged: acknowledgement.nullable(),
  silenced_by: z.array(text),
});
true satisfies Matches<z.output<typeof alert>, AlertWire>;

const count = z.int();

export const alertList = asOf.extend({
  alerts: z.array(alert),
  more: z.boolean(),
  counts: z.object({
    inactive: count,
    pending: count,
    firing: count,
    resolved: count,
    'no data': count,
    error: count,
  }),
  from: instant,
  to: instant,
  transitions: z.array(alertTransition).meta({ description: 'Of the range, newest first.' }),
  more_transitions: z.boolean(),
  evaluated_at: instant.nullable(),
});
true satisfies Matches<z.output<typeof alertList>, AlertList>;

export const alertDetail = asOf.extend({
  alert: alert.nullable(),
  transitions: z.array(alertTransition),
  more_transitions: z.boolean(),
});
true satisfies Matches<z.output<typeof alertDetail>, AlertDetail>;

export const alertRule = z.object({
  name: text,
  kind,
  title: text,
  threshold,
  origin: z.enum(['throughline.yaml', 'page', 'built in']),
  shadowed: z.boolean().meta({ description: 'Another rule of the same name comes before it.' }),
  enabled: z.boolean(),
  written: writtenRule,
  state: z.enum(['ok', 'no data', 'error', 'off', 'waiting']),
  state_since: instant.nullable(),
  trouble: text.nullable(),
  warnings: z.array(text),
  evaluated_at: instant.nullable(),
  pending: count,
  firing: count,
  not_held: count.meta({ description: 'Alerts beyond the most that are held of one rule.' }),
});
true satisfies Matches<z.output<typeof alertRule>, AlertRuleWire>;

export const alertRuleList = asOf.extend({
  rules: z.array(alertRule),
  kinds: z.array(
    z.object({
      kind,
      title: text,
      units: z.array(unit),
      scopes: z.array(text),
      window_s: z.number().nullable(),
      standard_threshold: z.number().nullable(),
    }),
  ),
});
true satisfies Matches<z.output<typeof alertRuleList>, AlertRuleList>;

export const rulePreview = asOf.extend({
  rule: writtenRule,
  threshold,
  from: instant,
  to: instant,
  basis: text.meta({ description: 'From what it is computed and how fine, or why there is nothing.' }),
  has_history: z.boolean(),
  step_s: z.number(),
  series: z.array(z.object({ labels, values: z.array(z.number().nullable()), threshold: z.number().nullable() })),
  more_series: z.boolean(),
  firings: z.array(z.object({ labels, from: instant, to: instant.nullable(), peak: z.number() })),
  firing_count: count,
  warnings: z.array(text),
});
true satisfies Matches<z.output<typeof rulePreview>, RulePreview>;

const matcher = z.strictObject({
  label: text.max(100, 'must be at most 100 characters'),
  operator: z.enum(MATCHER_OPERATORS, `must be one of ${MATCHER_OPERATORS.join(' ')}`),
  value: text.max(190, 'must be at most 190 characters'),
});
true satisfies Matches<z.output<typeof matcher>, MatcherWire>;

export const silence = z.object({
  id: text,
  matchers: z.array(matcher),
  from: instant,
  until: instant,
  reason: text,
  author: text,
  state: z.enum(['active', 'to come', 'ended']),
  alerts: count.meta({ description: 'Alerts that it holds for now.' }),
});
true satisfies Matches<z.output<typeof silence>, SilenceWire>;

export const silenceList = asOf.extend({ silences: z.array(silence) });
true satisfies Matches<z.output<typeof silenceList>, SilenceList>;

export const queueResolved = z.object({
  cluster: text,
  topic: text,
  at: instant,
  partitions: z.array(z.object({ partition: z.int(), offset: integerText })),
});
true satisfies Matches<z.output<typeof queueResolved>, QueueResolved>;

const author = z.string('must say who').trim().min(1, 'must say who').max(100, 'must be at most 100 characters');
const note = z
  .string()
  .max(2000, 'must be at most 2,000 characters')
  .nullish()
  .transform((said) => said ?? null);
const when = z.iso.datetime({ offset: true, message: 'must be RFC 3339 with a zone' });

/** What is sent to acknowledge a firing. */
export const acknowledgeRequest = z.strictObject({ author, note });

/** What is sent to silence alerts. */
export const silenceRequest = z.strictObject({
  matchers: z.array(matcher).min(1, 'must have a matcher').max(20, 'must have at most 20 matchers'),
  from: when.nullish().meta({ description: 'Now when absent.' }),
  until: when,
  reason: z.string('must say why').trim().min(1, 'must say why').max(2000, 'must be at most 2,000 characters'),
  author,
});

/** What is sent to say that everything in a queue is handled. */
export const resolveQueueRequest = z.strictObject({
  topic: z.string().min(1, 'must name the queue').max(249, 'must be at most 249 characters'),
  cluster: z.string().max(200).nullish().meta({ description: 'Kafka’s cluster id, where several have such a topic.' }),
  author,
  note,
});

export const ruleName = z.object({ name: text });
export const silenceId = z.object({ id: text });
