import { z } from 'zod';
import type {
  ConsumerGroup,
  ConsumerGroupList,
  GroupPartition,
  GroupTopic,
  WatchWire,
} from '../../model/consumer-group-wire.ts';
import type { ConsumptionWire } from '../../model/consumption-wire.ts';
import { asOf, instant, integerText } from './common.ts';
import type { Matches } from './matches.ts';

const lag = {
  lag: integerText.nullable().meta({ description: 'High watermark less committed offset; null while not known.' }),
  lag_s: z.number().nullable().meta({
    description: 'Age of the first unread record by the watch’s clock: when the end of its partition passed it.',
  }),
  lag_s_within: z.number().nullable().meta({
    description: 'How far `lag_s` may be off; null when it is only known to be at least that.',
  }),
};

const groupPartition = z.object({
  partition: z.int(),
  committed: integerText.nullable(),
  low: integerText.nullable(),
  high: integerText.nullable(),
  ...lag,
  changed_after: instant.nullable(),
  changed_before: instant.nullable(),
  foreign: integerText
    .nullable()
    .meta({ description: 'An offset of a former life of the topic, which Kafka still tells.' }),
});
true satisfies Matches<z.output<typeof groupPartition>, GroupPartition>;

const groupTopic = z.object({
  topic: z.string(),
  n: z.int(),
  ...lag,
  partition_count: z.int(),
  unknown_count: z.int(),
  partitions: z.array(groupPartition).optional(),
});
true satisfies Matches<z.output<typeof groupTopic>, GroupTopic>;

export const consumerGroup = z.object({
  group: z.string(),
  own: z.boolean().meta({ description: 'The tap’s own group.' }),
  type: z.string().nullable(),
  protocol_type: z.string(),
  state: z
    .string()
    .nullable()
    .meta({ description: 'Null when the group is not describable; `undescribable` says why.' }),
  undescribable: z.string().nullable(),
  trouble: z.string().nullable(),
  member_count: z.int().nullable(),
  members: z.array(z.object({ client_id: z.string(), host: z.string(), instance_id: z.string().nullable() })),
  first_seen_at: instant,
  ...lag,
  topics: z.array(groupTopic),
});
true satisfies Matches<z.output<typeof consumerGroup>, ConsumerGroup>;

const watch = z.object({
  sampled_at: instant.nullable(),
  resolution_s: z.number().nullable(),
  failure: z.string().nullable(),
  failed: z.array(z.object({ reason: z.string(), count: z.int() })),
  group_count: z.int(),
});
true satisfies Matches<z.output<typeof watch>, WatchWire>;

export const consumerGroupList = asOf.extend({
  groups: z.array(consumerGroup),
  next_cursor: z.string().nullable(),
  watch,
});
true satisfies Matches<z.output<typeof consumerGroupList>, ConsumerGroupList>;

const whose = { group: z.string(), own: z.boolean() };

export const consumption = z.discriminatedUnion('state', [
  z.object({
    ...whose,
    state: z.literal('consumed'),
    after: instant.nullable(),
    before: instant,
    set_back: z.boolean().meta({ description: 'The group was set back since and will read the event again.' }),
  }),
  z.object({ ...whose, state: z.literal('not_yet'), behind: integerText, as_of: instant }),
  z.object({ ...whose, state: z.literal('unknown'), why: z.string() }),
]);
true satisfies Matches<z.output<typeof consumption>, ConsumptionWire>;
