import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../model/dialect.ts';
import { encodeHeaders } from '../model/header-bytes.ts';
import type { Json } from '../model/json.ts';
import { microsToRfc3339, millis } from '../model/time.ts';
import { readTopicName, type TopicName } from '../model/topic-name.ts';
import { BUILT_IN_DIALECTS } from './built-in/built-in-dialects.ts';
import { compileRules, FIELDS } from './compile-rules.ts';
import { explainEnvelope } from './explain-envelope.ts';
import { firstMatch } from './first-match.test-support.ts';
import { MOST_HEADERS } from './header-slots.ts';
import { diceOf, mutate, seedEnvelopes } from './mutations.test-support.ts';
import { MOST_INNER_CHARACTERS } from './record-search.ts';
import { MOST_RESOLUTIONS, measureEffort, resolveEnvelope } from './resolve-envelope.ts';

const SEED = 20_251_018;
const RULES = compileRules([]);
const ENVELOPES = seedEnvelopes(25, SEED);
/** Records in all; `ENVELOPE_RECORDS` asks for as many of each dialect. */
const EACH = Number(process.env.ENVELOPE_RECORDS ?? Math.ceil(100_000 / ENVELOPES.length));
/** Every condition and rule there is, once: what no record can exceed. */
const MOST_STEPS =
  BUILT_IN_DIALECTS.reduce((sum, { when }) => sum + when.length, 0) +
  Math.max(...RULES.dialects.map(({ fields }) => fields.reduce((sum, { rules }) => sum + rules.length, 0)));
const RECORD = { timestampMs: millis(1_760_784_300_000) };

const TOPICS = new Map<string, TopicName>();

/** A topic's name, read once, as the pipeline does. */
function topicOf(name: string): TopicName {
  const topic = TOPICS.get(name) ?? readTopicName(name);
  TOPICS.set(name, topic);
  return topic;
}

function* mutated(each: number) {
  const dice = diceOf(SEED);
  for (const envelopes of ENVELOPES) {
    for (let count = 0; count < each; count += 1) {
      const envelope = envelopes[count % envelopes.length];
      if (envelope !== undefined) yield mutate(envelope, dice);
    }
  }
}

describe('records of strangers', () => {
  it(`resolves ${EACH * ENVELOPES.length} mutated records without throwing, within the bounds of its rules`, () => {
    let most = 0;
    for (const { topic, body, headers } of mutated(EACH)) {
      const effort = measureEffort(body, { ...RECORD, headers }, topicOf(topic), RULES);
      most = Math.max(most, effort.steps);
      if (
        effort.steps > MOST_STEPS ||
        effort.headers > headers.length ||
        effort.innerCharacters > MOST_INNER_CHARACTERS
      ) {
        expect.fail(`${JSON.stringify(effort)} for ${JSON.stringify(body)}`);
      }
    }
    expect(most).toBeGreaterThan(0);
  }, 600_000);

  it('matches the dialect that a plain search from the top matches', () => {
    for (const record of mutated(150)) {
      const { resolution } = resolveEnvelope(record.body, record, readTopicName(record.topic), RULES);
      expect(resolution.dialect).toBe(firstMatch(BUILT_IN_DIALECTS, record));
    }
  });

  it('reads headers in one piece as it reads them apart', () => {
    for (const record of mutated(150)) {
      const topic = readTopicName(record.topic);
      const apart = resolveEnvelope(record.body, { ...RECORD, headers: record.headers }, topic, RULES);
      const headerBytes = encodeHeaders(record.headers);
      expect(resolveEnvelope(record.body, { ...RECORD, headers: [], headerBytes }, topic, RULES)).toEqual(apart);
    }
  });

  it('explains what it resolves', () => {
    // Rules of its own: those above have met so many strangers that some combinations have no origins any more.
    const rules = compileRules([]);
    const bare = new Set([...rules.dialects, rules.none].map((dialect) => dialect.bare));
    let compared = 0;
    for (const record of mutated(100)) {
      const topic = readTopicName(record.topic);
      const envelope = resolveEnvelope(record.body, { ...RECORD, ...record }, topic, rules);
      const explained = explainEnvelope(record.body, { ...RECORD, ...record }, topic, rules);
      expect(explained.dialect).toBe(envelope.resolution.dialect);
      expect(explained.flags).toEqual(envelope.flags);
      const last = explained.dialects.at(-1);
      expect(last?.matched === true ? last.name : 'none').toBe(explained.dialect);
      for (const field of FIELDS) {
        const shown = explained.fields.find((one) => one.field === FIELD_NAMES[field]);
        const found = shown?.trials.find(({ outcome }) => outcome === 'found');
        const value = field === 'occurredAt' ? timeText(envelope.occurredAt) : envelope[field];
        expect([field, shown?.value]).toEqual([field, value]);
        if (bare.has(envelope.resolution)) continue;
        expect([field, found?.rule]).toEqual([field, envelope.resolution.origins[field]]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it('answers a bounded number of resolution objects', () => {
    const rules = compileRules([]);
    const objects = new Set<unknown>();
    for (const record of mutated(400)) {
      objects.add(resolveEnvelope(record.body, record, readTopicName(record.topic), rules).resolution);
    }
    expect(objects.size).toBeLessThanOrEqual((MOST_RESOLUTIONS + 1) * (BUILT_IN_DIALECTS.length + 1));
  });
});

describe('bombs', () => {
  const topic = readTopicName('a');
  const effortOf = (body: Json | null, headers: { name: Buffer; value: Buffer | null }[] = []) =>
    measureEffort(body, { headers }, topic, RULES);

  it('looks at no more than a bounded number of headers', () => {
    const headers = Array.from({ length: 50_000 }, (_, place) => ({
      name: Buffer.from(`correlation_i${place % 2 === 0 ? 'd' : place}`),
      value: Buffer.from(String(place)),
    }));
    expect(effortOf(null, headers).headers).toBe(MOST_HEADERS);
    expect(measureEffort(null, { headers: [], headerBytes: encodeHeaders(headers) }, topic, RULES).headers).toBe(
      MOST_HEADERS,
    );
  });

  it('ends at malformed header bytes', () => {
    const whole = encodeHeaders([{ name: Buffer.from('correlation_id'), value: Buffer.from('c') }]);
    for (let end = 0; end < whole.length; end += 1) {
      expect(
        resolveEnvelope(null, { headers: [], headerBytes: whole.subarray(0, end) }, topic, RULES).correlationId,
      ).toBeNull();
    }
  });

  it('parses no more JSON inside JSON than is bounded', () => {
    const text = JSON.stringify({ correlation_id: 'c', filler: 'x'.repeat(1_500_000) });
    const body = { error: 'e', original_message: { value: text }, original_value: text };
    expect(effortOf(body).innerCharacters).toBeLessThanOrEqual(MOST_INNER_CHARACTERS);
  });

  it('survives depth, and objects with very many keys', () => {
    const deep = JSON.parse(`${'{"payload":'.repeat(50_000)}1${'}'.repeat(50_000)}`) as Json;
    expect(effortOf(deep).steps).toBeLessThanOrEqual(MOST_STEPS);
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, place) => [`key${place}`, place]));
    const envelope = resolveEnvelope({ ...wide, correlation_id: 'c' }, { headers: [] }, topic, RULES);
    expect(envelope.correlationId).toBe('c');
  });
});

function timeText(at: Parameters<typeof microsToRfc3339>[0] | null): string | null {
  return at === null ? null : microsToRfc3339(at);
}
