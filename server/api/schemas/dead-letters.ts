import { z } from 'zod';
import {
  DEAD_LETTER_DIMENSIONS,
  DEAD_LETTER_FAMILIES,
  DEAD_LETTER_PROBLEMS,
  type DeadLetterFamily,
  type DeadLetterProblem,
} from '../../model/dead-letter.ts';
import type { ComparedRecord, ComparisonWire, DeadLetterDetail } from '../../model/dead-letter-detail-wire.ts';
import type {
  DeadLetterGroupWire,
  DeadLetterQueueDetail,
  DeadLetterQueues,
  DeadLetterQueueWire,
  DeadLetterRecordWire,
  FailureWithoutDeadLetter,
  MarkRequest,
  MarkWire,
  QueuePartitionWire,
} from '../../model/dead-letter-wire.ts';
import { asOf, header, instant, integerText, payload } from './common.ts';
import { keysOf } from './keys-of.ts';
import type { Matches } from './matches.ts';
import { whose } from './owners.ts';

const text = z.string();
const words = z.array(text);
const key = z.string().regex(/^[0-9a-f]{32}$/);
const recordId = z.string().meta({ description: '`{cluster}/{topic}~{n}/{partition}/{offset}`' });
const trend = z.array(z.number()).meta({ description: 'Dead letters per step, oldest first.' });

export const mark = z.object({
  state: z.enum(['new', 'acknowledged', 'resolved', 'back']),
  since: instant.nullable(),
  note: text.nullable(),
});
true satisfies Matches<z.output<typeof mark>, MarkWire>;

export const deadLetterQueue = z.object({
  cluster: text,
  topic: text,
  n: z.int(),
  kind: z.enum(['dead letter', 'quarantine', 'retry', 'mirror']),
  by: z.enum(['declaration', 'name', 'broker config', 'records']),
  why: text,
  whose,
  looked_at: instant.nullable(),
  depth: integerText.nullable().meta({
    description: 'Σ over partitions of high watermark − max(low watermark, triage group’s committed offset).',
  }),
  held: integerText.nullable().meta({ description: 'Σ of high − low: what the broker still holds.' }),
  stored: integerText.meta({ description: 'Our own rows between the same offsets as `depth`.' }),
  difference: text.nullable().meta({ description: 'Why `stored` is another number than `depth`.' }),
  arrivals_per_min: z.number().nullable(),
  trend,
  oldest_at: instant.nullable(),
  oldest_age_s: z.number().nullable(),
  expires_in_s: z
    .number()
    .nullable()
    .meta({ description: 'When retention deletes the oldest; negative: it may go at any moment.' }),
  expires_why: text.nullable(),
  retention_ms: z.number().nullable(),
  cleanup_policy: text.nullable(),
  main_reason: text.nullable(),
  last_at: instant.nullable(),
  triage_groups: z.array(z.object({ group: text, committed: z.boolean() })),
  mark: mark.nullable(),
});
true satisfies Matches<z.output<typeof deadLetterQueue>, DeadLetterQueueWire>;

export const failureWithoutDeadLetter = z.object({
  kind: z.enum(['error event', 'runtime error', 'no reply']),
  event_type: text,
  missing_type: text.nullable(),
  whose,
  count: z.number(),
  exemplars: z.array(z.object({ correlation_id: text, trace_key: key, at: instant })),
});
true satisfies Matches<z.output<typeof failureWithoutDeadLetter>, FailureWithoutDeadLetter>;

export const deadLetterQueues = asOf.extend({
  queues: z.array(deadLetterQueue),
  others: z.array(deadLetterQueue).meta({ description: 'Quarantine, retry stages and mirrors: never counted.' }),
  more: z.boolean(),
  total: z.object({
    depth: integerText.nullable(),
    stored: integerText,
    arrivals_per_min: z.number().nullable(),
    oldest_age_s: z.number().nullable(),
    expires_in_s: z.number().nullable(),
    unknown: z.int().meta({ description: 'Queues whose depth is not known.' }),
  }),
  without_dead_letter: z.array(failureWithoutDeadLetter),
});
true satisfies Matches<z.output<typeof deadLetterQueues>, DeadLetterQueues>;

export const queuePartition = z.object({
  partition: z.int(),
  low: integerText,
  high: integerText,
  triaged: integerText.nullable(),
  depth: integerText,
  stored: integerText,
  oldest_at: instant.nullable(),
});
true satisfies Matches<z.output<typeof queuePartition>, QueuePartitionWire>;

export const deadLetterGroup = z.object({
  key: text
    .nullable()
    .meta({ description: 'What the query parameter named like `group_by` takes; null: see `without`.' }),
  value: text.nullable(),
  count: z.number(),
  first_seen: instant,
  last_seen: instant,
  trend,
  newest_reason: text.nullable(),
  error_classes: words,
  original_topics: words,
  services: words,
  event_types: words,
  mark: mark.nullable(),
});
true satisfies Matches<z.output<typeof deadLetterGroup>, DeadLetterGroupWire>;

export const deadLetterRecord = z.object({
  id: recordId,
  topic: text,
  partition: z.int(),
  offset: integerText,
  recorded_at: instant,
  stored_at: instant,
  failed_at: instant.nullable(),
  family: z.enum(keysOf<DeadLetterFamily>(DEAD_LETTER_FAMILIES)),
  reason: text.nullable(),
  fingerprint: text.nullable().meta({ description: 'The reason with numbers, ids and quotes folded.' }),
  reason_key: key,
  error_class: text.nullable(),
  retry_count: z.number().nullable(),
  consumer_group: text.nullable(),
  event_type: text,
  service: text.nullable(),
  original: z.object({
    topic: text.nullable(),
    partition: z.int().nullable(),
    offset: integerText.nullable(),
    timestamp: instant.nullable(),
  }),
  original_state: z.enum(['stored', 'not named', 'unknown topic', 'not read yet', 'not stored', 'expired']),
  original_id: recordId.nullable(),
  correlation_id: text.nullable(),
  correlation_origin: z.enum(['by coordinates', 'own']).nullable(),
  trace_key: key,
  problems: z.array(z.enum(keysOf<DeadLetterProblem>(DEAD_LETTER_PROBLEMS))),
  mark: mark.nullable(),
});
true satisfies Matches<z.output<typeof deadLetterRecord>, DeadLetterRecordWire>;

export const deadLetterQueueDetail = asOf.extend({
  queue: deadLetterQueue,
  partitions: z.array(queuePartition),
  from: instant,
  to: instant,
  step_s: z.number(),
  group_by: z.enum(DEAD_LETTER_DIMENSIONS),
  groups: z.array(deadLetterGroup),
  more_groups: z.boolean(),
  records: z.array(deadLetterRecord),
  next_cursor: text.nullable(),
});
true satisfies Matches<z.output<typeof deadLetterQueueDetail>, DeadLetterQueueDetail>;

const compared = z.object({
  id: recordId,
  key: payload.nullable(),
  headers: z.array(header),
  payload: payload.nullable(),
  payload_missing: z.enum(['expired', 'checksum', 'layout', 'lost']).nullable(),
});
true satisfies Matches<z.output<typeof compared>, ComparedRecord>;

export const comparison = z.object({
  result: z.enum(['same', 'changed', 'not comparable', 'gone', 'nothing inside']),
  why: text.nullable(),
  by: text.nullable().meta({ description: 'Who wrote the dead letter, where it says so.' }),
  differences: z.array(
    z.object({
      path: text,
      what: z.enum(['added', 'removed', 'changed']),
      was: text.nullable(),
      is: text.nullable(),
    }),
  ),
  more_differences: z.boolean(),
});
true satisfies Matches<z.output<typeof comparison>, ComparisonWire>;

export const deadLetterDetail = asOf.extend({
  record: deadLetterRecord,
  own: compared,
  inside_at: text.nullable(),
  inside: payload.nullable(),
  original: compared.nullable(),
  comparison,
  siblings: z.array(deadLetterRecord),
});
true satisfies Matches<z.output<typeof deadLetterDetail>, DeadLetterDetail>;

const LONGEST_NOTE = 2000;

/** What is sent to mark a queue, one of its groups by reason, or one record. */
export const markRequest = z.strictObject({
  topic: z.string().min(1, 'must not be empty').max(249, 'is no topic').meta({ description: 'The queue.' }),
  reason: key.nullish().meta({ description: '`reason_key` of a group.' }),
  record: z.string().max(600, 'is no record id').nullish().meta({ description: 'Id of a record.' }),
  state: z.enum(['new', 'acknowledged', 'resolved'], 'must be new, acknowledged or resolved'),
  note: z.string().max(LONGEST_NOTE, `must be at most ${LONGEST_NOTE} characters`).nullish(),
});

true satisfies Matches<z.output<typeof markRequest>, MarkRequest>;

/** What was said. */
export const markAnswer = z.object({ topic: text, state: text });
