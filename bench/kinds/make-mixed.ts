import fc from 'fast-check';
import type { Message } from 'kafkajs';
import { ENVELOPES, type Written } from '../../server/envelope/envelopes.test-support.ts';

const PER_DIALECT = 500;
const SEED = 20_251_018;

const samples = Object.values(ENVELOPES).map((envelopes) => fc.sample(envelopes, { numRuns: PER_DIALECT, seed: SEED }));

/** The record of a number, in the dialects in turn; the same 500 of each come again and again. */
export function makeMixed(index: number): Message {
  const ofDialect = samples[index % samples.length] ?? [];
  const written = ofDialect[Math.floor(index / samples.length) % PER_DIALECT];
  if (written === undefined) throw new Error('there is no dialect');
  return toMessage(written);
}

function toMessage({ body, headers }: Written): Message {
  const value = body === null ? null : JSON.stringify(body);
  // The client takes headers by name; of a name that comes twice it sends a list.
  const byName = new Map<string, Buffer[]>();
  for (const { name, value: bytes } of headers) {
    const key = name.toString('utf8');
    byName.set(key, [...(byName.get(key) ?? []), bytes ?? Buffer.alloc(0)]);
  }
  return { key: null, value, headers: Object.fromEntries(byName) };
}
