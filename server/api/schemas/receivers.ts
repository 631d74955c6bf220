import { z } from 'zod';
import type {
  AttemptWire,
  DeliveryList,
  DeliveryWire,
  ReceiverList,
  ReceiverRequest,
  ReceiverWire,
} from '../../model/delivery-wire.ts';
import { receiverNameTrouble } from '../../model/receiver.ts';
import { headerTrouble, MOST_HEADERS } from '../../model/receiver-headers.ts';
import { receiverUrlTrouble } from '../../model/receiver-url.ts';
import { secretTrouble } from '../../model/signing-secret.ts';
import { asOf, instant } from './common.ts';
import type { Matches } from './matches.ts';

const text = z.string();
const kind = z.enum(['webhook', 'slack'], 'must be webhook or slack');
const labels = z.record(z.string(), z.string());
const status = z.enum(['firing', 'resolved']);

export const receiver = z.object({
  name: text,
  kind,
  from: z.enum(['throughline.yaml', 'page']),
  address: text.nullable().meta({
    description: 'Without its query, of Slack the host alone; null where it stands in a file or a variable.',
  }),
  headers: z.array(text).meta({ description: 'Names of the headers it is sent besides.' }),
  secret: z.enum(['page', 'environment', 'file']).nullable().meta({ description: 'Where the signing secret is.' }),
  group_by: z.array(text),
  group_wait_ms: z.number(),
  group_interval_ms: z.number(),
  repeat_interval_ms: z.number(),
  send_resolved: z.boolean(),
  disabled: z.object({ since: instant, reason: text }).nullable().meta({ description: 'It answered 410.' }),
  waiting: z.int(),
  dead: z.int(),
  last_delivered_at: instant.nullable(),
});
true satisfies Matches<z.output<typeof receiver>, ReceiverWire>;

export const receiverList = asOf.extend({ receivers: z.array(receiver) });
true satisfies Matches<z.output<typeof receiverList>, ReceiverList>;

/** A sentence of `trouble` where a value is none that it lets pass. */
const checked = (trouble: (value: string) => string | null) =>
  z.string('must be a text').superRefine((value, { addIssue }) => {
    const found = trouble(value);
    if (found !== null) addIssue(found);
  });

const LONGEST_MS = 366 * 86_400_000;
const ms = (least: number) => {
  const message = `must be a whole number from ${least} to ${LONGEST_MS}`;
  return z.int(message).min(least, message).max(LONGEST_MS, message);
};

const changes = {
  kind,
  url: checked(receiverUrlTrouble).optional().meta({ description: 'Absent keeps what is stored.' }),
  secret: checked(secretTrouble).nullable().optional().meta({
    description: '`whsec_` and base64. Absent keeps what is stored, null takes it away; it is never answered.',
  }),
  headers: z
    .record(z.string(), z.string('must be a text'))
    .superRefine((headers, { addIssue }) => {
      const names = Object.keys(headers);
      if (names.length > MOST_HEADERS) addIssue(`has more than ${MOST_HEADERS} headers`);
      for (const name of names.slice(0, MOST_HEADERS)) {
        const trouble = headerTrouble(name, headers[name] ?? '');
        if (trouble !== null) addIssue(`${JSON.stringify(name.slice(0, 100))} ${trouble}`);
      }
    })
    .optional()
    .meta({ description: 'Sent besides, by name. Absent keeps what is stored; values are never answered.' }),
  group_by: z
    .array(z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters'))
    .max(20, 'has more than 20 labels')
    .optional(),
  group_wait_ms: ms(0).optional(),
  group_interval_ms: ms(1_000).optional(),
  repeat_interval_ms: ms(1_000).optional(),
  send_resolved: z.boolean('must be true or false').optional(),
};

const signsNothing = ({ kind: made, secret }: { readonly kind: string; readonly secret?: string | null | undefined }) =>
  made !== 'slack' || secret === undefined || secret === null;
const NO_SIGNATURE = { message: 'must be left out: slack takes no signature', path: ['secret'] };

export const receiverRequest = z
  .strictObject({ name: checked(receiverNameTrouble), ...changes })
  .refine(signsNothing, NO_SIGNATURE);
true satisfies Matches<Required<z.output<typeof receiverRequest>>, Required<ReceiverRequest>>;

/** The same for one that is there: its name stands in the path. */
export const receiverChange = z.strictObject(changes).refine(signsNothing, NO_SIGNATURE);

export const attempt = z.object({
  number: z.int(),
  at: instant,
  latency_ms: z.number().nullable(),
  outcome: z.enum(['delivered', 'refused', 'failed', 'forbidden', 'lost', 'open']),
  status: z.int().nullable(),
  sentence: text,
  excerpt: text.nullable().meta({ description: 'Begin of what the receiver answered: data, never markup.' }),
  next_try_at: instant.nullable(),
});
true satisfies Matches<z.output<typeof attempt>, AttemptWire>;

export const delivery = z.object({
  id: z.uuid().meta({ description: 'The `webhook-id` of every try.' }),
  receiver: text,
  state: z.enum(['waiting', 'delivered', 'dead']),
  reason: z.enum(['first', 'new alerts', 'all resolved', 'some resolved', 'repeat', 'test']),
  status,
  group_labels: labels,
  alerts: z.array(z.object({ fingerprint: text, name: text, firing: z.int(), status })),
  created_at: instant,
  next_try_at: instant.nullable(),
  done_at: instant.nullable(),
  message: text.nullable().meta({ description: 'Why it waits or is dead.' }),
  attempt_count: z.int(),
  attempts: z.array(attempt).meta({ description: 'The newest first, at most 20.' }),
});
true satisfies Matches<z.output<typeof delivery>, DeliveryWire>;

export const deliveryList = asOf.extend({
  deliveries: z.array(delivery),
  next_cursor: text.nullable(),
  waiting: z.int(),
  dead: z.int(),
});
true satisfies Matches<z.output<typeof deliveryList>, DeliveryList>;

/** A receiver is gone. */
export const removed = z.object({ removed: text });
