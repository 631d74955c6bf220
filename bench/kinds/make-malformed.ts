import { createHash } from 'node:crypto';
import type { Message } from 'kafkajs';
import { makeEvent } from '../support/omninode-events.ts';

/** How records are broken, in words, in the order in which they take turns. */
export const MALFORMATIONS = [
  'JSON cut off',
  'random bytes',
  'an object for a correlation id',
  'invalid UTF-8 in a text',
  'no correlation id',
  'a JSON text alone',
  'no value',
  'nested a thousand deep without an end',
  '50,000 headers (one record in 20,000)',
] as const;

const EVERY_WIDE = 20_000;
const WIDE_HEADERS = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`h${index}`, 'v']));
const DEEP = '['.repeat(1_000);

/** The malformed record of this number; none of them can belong to a trace. */
export function makeMalformed(index: number): Message {
  const event = makeEvent(index, { headers: false });
  const text = String(event.value);
  const { key } = event;
  if (index % EVERY_WIDE === EVERY_WIDE - 1) return { key, value: '{"event_type":"WIDE"}', headers: WIDE_HEADERS };
  switch (index % 8) {
    case 0:
      return { key, value: text.slice(0, text.length - 40) };
    case 1:
      return { key, value: noise(index, text.length) };
    case 2:
      return { key, value: JSON.stringify({ ...asObject(text), correlation_id: { id: index } }) };
    case 3:
      return {
        key,
        value: Buffer.concat([
          Buffer.from(text.slice(0, 300)),
          Buffer.from([0xff, 0xfe]),
          Buffer.from(text.slice(300)),
        ]),
      };
    case 4:
      return { key, value: JSON.stringify({ ...asObject(text), correlation_id: null }) };
    case 5:
      return { key, value: JSON.stringify(text) };
    case 6:
      return { key, value: null };
    default:
      return { key, value: DEEP };
  }
}

function asObject(text: string): Record<string, unknown> {
  // Made by `makeEvent`: an object.
  return JSON.parse(text) as Record<string, unknown>;
}

/** The same bytes for the same number. */
function noise(index: number, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let size = 0; size < length; size += 64) {
    parts.push(createHash('sha512').update(`${index} ${size}`).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}
