import fc from 'fast-check';
import type { Json } from '../model/json.ts';
import type { RecordHeader } from '../model/record.ts';
import { ENVELOPES, type Written } from './envelopes.test-support.ts';

/** Whole numbers from 0 to below `bound`, the same for the same seed (xorshift32). */
export type Dice = (bound: number) => number;

export function diceOf(seed: number): Dice {
  let state = seed | 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** Envelopes of every dialect, to be mutated: so many of each. */
export function seedEnvelopes(each: number, seed: number): readonly (readonly Written[])[] {
  return Object.values(ENVELOPES).map((envelopes) => fc.sample(envelopes, { numRuns: each, seed }));
}

const JUNK: readonly Json[] = [
  ...[null, true, false, '', ' ', 'null', 'CUSTOM', 'x'.repeat(5_000), '{"correlation_id":{}}', '{"a":', '[', '0'],
  ...[0, -1, 1.5, 1e300, 2 ** 60, 1760784300, 2n ** 80n, -(2n ** 63n)],
  ...[
    [],
    {},
    [[[]]],
    { correlation_id: { correlation_id: [] } },
    { value: '{"correlation_id":"c"}' },
    [{ event_id: 1 }],
  ],
];
const NAMES = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'correlation_id',
    'event_id',
    'event_type',
    'payload',
    'metadata',
    'source',
  ],
  ...[
    'original_message',
    'original_value',
    'error',
    'id',
    'a_data',
    '_at',
    'envelope_id',
    'specversion',
    'trace_id',
    '',
  ],
];
const HEADER_NAMES = [
  ...[
    'correlation_id',
    'X-CORRELATION-ID',
    'traceparent',
    'b3',
    'sw8',
    'uber-trace-id',
    'ce_id',
    'ce_type',
    'id',
    'MT-',
  ],
  ...[
    'kafka_correlationId',
    '__connect.errors.topic',
    'dd-pathway-ctx-base64',
    'event_type',
    '',
    '__proto__',
    'x-tenant',
  ],
];

/** The same record with a few things wrong with it: values, keys, headers, or bytes of its body. */
export function mutate({ topic, body, headers }: Written, dice: Dice): Omit<Written, 'fields'> {
  const changed = dice(4) === 0 ? brokenText(body, dice) : changedValue(body, dice, 0);
  return {
    topic: dice(10) === 0 ? String.fromCharCode(...Array.from({ length: dice(300) }, () => 32 + dice(95))) : topic,
    body: changed,
    headers: dice(3) === 0 ? headers : changedHeaders(headers, dice),
  };
}

function changedValue(value: Json | null, dice: Dice, depth: number): Json {
  if (dice(8) === 0) return pick(JUNK, dice);
  if (typeof value !== 'object' || value === null || depth > 4) return value;
  if (Array.isArray(value)) return value.map((one) => changedValue(one, dice, depth + 1));
  const entries = Object.entries(value).filter(() => dice(10) > 0);
  if (dice(3) === 0) entries.push([pick(NAMES, dice), pick(JUNK, dice)]);
  // `fromEntries` makes `__proto__` an own key, as JSON.parse does.
  return Object.fromEntries(entries.map(([key, one]) => [key, changedValue(one, dice, depth + 1)]));
}

function brokenText(body: Json | null, dice: Dice): Json | null {
  const bytes = Buffer.from(JSON.stringify(body) ?? '');
  for (let times = dice(3); times >= 0 && bytes.length > 0; times -= 1) bytes[dice(bytes.length)] = dice(256);
  try {
    const value: Json = JSON.parse(bytes.toString('utf8'));
    return value;
  } catch {
    return null;
  }
}

function changedHeaders(headers: readonly RecordHeader[], dice: Dice): RecordHeader[] {
  const changed = headers.flatMap((header) =>
    dice(6) === 0 ? [] : dice(8) === 0 ? [header, junkHeader(dice)] : [header],
  );
  return dice(2) === 0 ? [...changed, junkHeader(dice)] : changed;
}

function junkHeader(dice: Dice): RecordHeader {
  const value = dice(5) === 0 ? null : Buffer.from(Array.from({ length: dice(60) }, () => dice(256)));
  return { name: Buffer.from(pick(HEADER_NAMES, dice)), value };
}

function pick<T>(all: readonly T[], dice: Dice): T {
  const one = all[dice(all.length)];
  if (one === undefined) throw new Error('there is something to pick');
  return one;
}
