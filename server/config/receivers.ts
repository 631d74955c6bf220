import path from 'node:path';
import { z } from 'zod';
import { parseDuration } from '../model/duration-text.ts';
import { TELLING_DEFAULTS } from '../model/notification.ts';
import { MOST_RECEIVERS, type Receiver, receiverNameTrouble, type SecretPlace } from '../model/receiver.ts';
import { headerTrouble, MOST_HEADERS } from '../model/receiver-headers.ts';
import { receiverUrlTrouble } from '../model/receiver-url.ts';
import type { LineOf } from './owners.ts';
import { durationMs } from './value-schemas.ts';

/** Variables that hold secrets of receivers begin so; the tap alone is given them. */
export const RECEIVER_VARIABLE = /^THROUGHLINE_RECEIVER_[A-Z0-9_]{1,100}$/;

/** Shortest pause between two notifications of one group, in ms. */
const SHORTEST_INTERVAL_MS = 1_000;
const MOST_LABELS = 20;

const waitMs = z
  .union([z.string(), z.number()])
  .transform((text, context) => {
    const ms = /^0+(ms|s|m|h|d)?$/.test(String(text)) ? 0 : parseDuration(String(text));
    if (ms !== null) return ms;
    context.addIssue('is no duration; write 0, or a number and ms, s, m, h or d, e.g. 30s');
    return z.NEVER;
  })
  .meta({ type: 'string' });

const intervalMs = durationMs.refine((ms) => ms >= SHORTEST_INTERVAL_MS, 'must be at least 1s');

const variable = z
  .string('must be a text')
  .regex(RECEIVER_VARIABLE, 'must begin with THROUGHLINE_RECEIVER_, and go on with capital letters, digits and _');
const file = z.string('must be a text').min(1, 'must not be empty');

const receiver = z.strictObject({
  name: z.string('must be a text').describe('What rules and pages call it.'),
  kind: z
    .enum(['webhook', 'slack'], 'must be webhook or slack')
    .default('webhook')
    .describe('`webhook`: the body of Alertmanager’s webhook, version 4; `slack`: a message as Slack takes it.'),
  url: z.string('must be a text').optional().describe('Its address, http or https, without user and password.'),
  url_file: file.optional().describe('File that holds the address instead, relative to this one.'),
  url_env: variable.optional().describe('Variable `THROUGHLINE_RECEIVER_…` that holds the address instead.'),
  secret_file: file
    .optional()
    .describe('File that holds the secret (`whsec_…`) by which deliveries are signed as Standard Webhooks has it.'),
  secret_env: variable.optional().describe('Variable `THROUGHLINE_RECEIVER_…` that holds the secret instead.'),
  headers: z
    .record(z.string(), z.string('must be a text'))
    .refine((headers) => Object.keys(headers).length <= MOST_HEADERS, `has more than ${MOST_HEADERS} headers`)
    .optional()
    .describe('Headers it is sent besides, by name.'),
  group_by: z
    .array(z.string('must be a text').min(1, 'must not be empty').max(100, 'must be at most 100 characters'))
    .max(MOST_LABELS, `has more than ${MOST_LABELS} labels`)
    .optional()
    .describe('Labels by which alerts are told together; `[alertname]` unless set, `[]` for all at once.'),
  group_wait: waitMs.optional().describe('From the first news of a group until it is told; `30s` unless set.'),
  group_interval: intervalMs.optional().describe('Between two notifications of a group; `5m` unless set.'),
  repeat_interval: intervalMs.optional().describe('Until the same is told again while it goes on; `4h` unless set.'),
  send_resolved: z.boolean('must be true or false').optional().describe('Whether ends are told; `true` unless set.'),
});

export const receiversSchema = z
  .array(receiver, 'must be a list')
  .max(MOST_RECEIVERS, `has more than ${MOST_RECEIVERS} receivers`)
  .describe('Who is told of alerts.');

export const RECEIVER_KEYS: readonly string[] = Object.keys(receiver.shape);

type Written = z.output<typeof receiver>;

export interface ReceiversReading {
  readonly receivers: readonly Receiver[];
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/** Checks what the schema cannot, and finds files beside the configuration file at `settingsPath`. */
export function readFileReceivers(
  written: readonly Written[],
  { lineOf, path: settingsPath }: { readonly lineOf: LineOf; readonly path: string },
): ReceiversReading {
  const names = new Set<string>();
  const problems = written.flatMap((each, place) => {
    const found = troubles(each);
    if (names.has(each.name)) found.push(['name', `is ${JSON.stringify(each.name)}, as that of another one`]);
    names.add(each.name);
    return found.map(([key, trouble]) => {
      const at = ['receivers', place, ...key.split('.', 1)];
      return `${settingsPath}:${lineOf(at)}: receivers.${place}.${key} ${trouble}.`;
    });
  });
  return { receivers: problems.length > 0 ? [] : written.map((each) => receiverOf(each, settingsPath)), problems };
}

function troubles(each: Written): [string, string][] {
  const found: [string, string][] = [];
  const add = (key: string, trouble: string | null) => trouble !== null && found.push([key, trouble]);
  add('name', receiverNameTrouble(each.name));
  const urls = [each.url, each.url_file, each.url_env].filter((url) => url !== undefined);
  add('url', urls.length === 1 ? null : 'must be given once: as url, url_file or url_env');
  if (each.url !== undefined) add('url', receiverUrlTrouble(each.url));
  if (each.secret_file !== undefined && each.secret_env !== undefined)
    add('secret_file', 'and secret_env are both set. Leave out one of them');
  if (each.kind === 'slack' && (each.secret_file ?? each.secret_env) !== undefined)
    add('kind', 'is slack, which takes no signature. Leave out the secret');
  for (const [name, value] of Object.entries(each.headers ?? {}))
    add(`headers.${JSON.stringify(name)}`, headerTrouble(name, value));
  return found;
}

function receiverOf(each: Written, settingsPath: string): Receiver {
  const beside = (name: string) => path.resolve(path.dirname(settingsPath), name);
  const place = (inFile: string | undefined, inVariable: string | undefined): SecretPlace | null => {
    if (inFile !== undefined) return { from: 'file', path: beside(inFile) };
    return inVariable === undefined ? null : { from: 'environment', name: inVariable };
  };
  return {
    name: each.name,
    kind: each.kind,
    url: each.url ?? place(each.url_file, each.url_env) ?? '',
    secret: place(each.secret_file, each.secret_env),
    headers: each.headers ?? {},
    groupBy: each.group_by ?? TELLING_DEFAULTS.groupBy,
    groupWaitMs: each.group_wait ?? TELLING_DEFAULTS.groupWaitMs,
    groupIntervalMs: each.group_interval ?? TELLING_DEFAULTS.groupIntervalMs,
    repeatIntervalMs: each.repeat_interval ?? TELLING_DEFAULTS.repeatIntervalMs,
    sendResolved: each.send_resolved ?? TELLING_DEFAULTS.sendResolved,
  };
}
