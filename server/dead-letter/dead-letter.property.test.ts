import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEAD_LETTER_PROBLEMS } from '../model/dead-letter.ts';
import type { Json } from '../model/json.ts';
import { compareValues } from './compare-values.ts';
import { fingerprintOf, LONGEST_FINGERPRINT } from './fingerprint.ts';
import { HEADER_CONVENTIONS } from './header-conventions.ts';
import { insideEvent } from './inside-event.ts';
import { LONGEST_NAME, LONGEST_REASON, readDeadLetter } from './read-dead-letter.ts';

const FIELDS = [
  ...['original_topic', 'original_partition', 'original_offset', 'original_timestamp', 'original_value', 'error'],
  ...['original_message', 'original_event', 'original_envelope', 'original_payload', 'error_message', 'error_type'],
  ...['failure_reason', 'failure_type', 'retry_count', 'quarantined_at', 'event_type', 'value', 'partition', 'offset'],
  ...['consumer_group', 'correlation_id', 'payload', 'workflow_data', '__proto__', 'constructor'],
];
const HEADERS = HEADER_CONVENTIONS.flatMap((each) => [
  ...[...each.topic, ...each.partition, ...each.offset, ...each.timestamp, ...each.group, ...each.reason],
  ...[...each.errorClass, ...each.retries, ...each.failedAt, ...each.marks],
]);

const json = fc.letrec<{ any: Json; object: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.bigInt(),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('{"correlation_id":"x"}', '{', '2025-11-13T16:00:00Z', '-1', '9'.repeat(30)),
    fc.array(tie('any'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...FIELDS), tie('any'), { maxKeys: 10 }) as fc.Arbitrary<Json>,
}));

const headers = fc.array(
  fc.record({
    name: fc.oneof(
      fc.constantFrom(...HEADERS).map((name) => Buffer.from(name)),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    ),
    value: fc.option(fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes))),
  }),
  { maxLength: 12 },
);

describe('whatever a record holds', () => {
  test('it is read without a throw, within every bound', () => {
    fc.assert(
      fc.property(fc.option(json.any, { nil: undefined }), headers, fc.string(), (body, list, topic) => {
        const facts = readDeadLetter({ topic, body, bytes: body === undefined ? 0 : 1, headers: list });
        const { partition, offset } = facts.original;
        expect(partition === null || (partition >= 0 && partition < 2 ** 31)).toBe(true);
        expect(offset === null || (offset >= 0n && offset < 2n ** 63n)).toBe(true);
        expect(facts.reason?.length ?? 0).toBeLessThanOrEqual(LONGEST_REASON);
        expect(facts.fingerprint.length).toBeLessThanOrEqual(LONGEST_FINGERPRINT);
        for (const text of [facts.errorClass, facts.consumerGroup, facts.failedIn]) {
          expect(text?.length ?? 0).toBeLessThanOrEqual(LONGEST_NAME);
        }
        expect(facts.problems.every((problem) => problem in DEAD_LETTER_PROBLEMS)).toBe(true);
        insideEvent(body);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a fingerprint', () => {
  const hex = fc.uuid();
  const value = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '7'), maxLength: 12 });

  test('is the same for reasons that differ in ids, numbers, times and quoted values', () => {
    const reason = fc
      .tuple(hex, fc.nat(), fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }), value)
      .map(
        ([id, n, time, text]) => `Timeout after ${n} ms for ${id} at ${time.toISOString()}: '${text}' isn't "${text}"`,
      );
    fc.assert(
      fc.property(reason, reason, (a, b) => {
        expect(fingerprintOf(a)).toBe(fingerprintOf(b));
      }),
    );
  });

  test('tells different reasons apart, and ends with the first line', () => {
    expect(fingerprintOf('cannot read')).not.toBe(fingerprintOf('cannot write'));
    expect(fingerprintOf("can't read 'a' since it isn't there\nat line 7")).toBe(
      "can't read <text> since it isn't there",
    );
    expect(fingerprintOf('Blob 3f2a9c51d8e07b64 is gone after 3.5s')).toBe('Blob <id> is gone after <n>s');
    expect(fingerprintOf(null)).toBe('');
  });

  test('of the worst text is made of its beginning alone', () => {
    for (const text of ["'", '"', '`', '0a', '1.', ' \t']) {
      expect(fingerprintOf(text.repeat(5_000_000)).length).toBeLessThanOrEqual(LONGEST_FINGERPRINT);
    }
  });
});

describe('two values', () => {
  test('that are the same have no difference, and one that is changed has one at its path', () => {
    fc.assert(
      fc.property(json.any, (value) => {
        const { differences, more } = compareValues(value, structuredClone(value));
        expect([differences, more]).toEqual([[], false]);
      }),
    );
    expect(compareValues({ a: [1, { 'b/c': 'x' }], gone: 1 }, { a: [1, { 'b/c': 'y' }], more: 2 })).toEqual({
      more: false,
      differences: [
        { path: '/a/1/b~1c', what: 'changed', was: 'x', is: 'y' },
        { path: '/gone', what: 'removed', was: 1, is: undefined },
        { path: '/more', what: 'added', was: undefined, is: 2 },
      ],
    });
    expect(compareValues({ n: 1n }, { n: 1 }).differences).toEqual([]);
  });

  test('of any size and depth are compared up to a bound, and that is said', () => {
    const long = Array.from({ length: 300_000 }, (_, n) => n);
    expect(
      compareValues(
        long,
        long.map((n) => n + 1),
      ),
    ).toMatchObject({ more: true });
    let deep: Json = 1;
    for (let n = 0; n < 5_000; n += 1) deep = [deep];
    expect(compareValues(deep, [deep]).differences).toHaveLength(1);
  });
});

describe('the event inside', () => {
  test.each<[string, Json, { at: string; correlationId: string | null } | null]>([
    [
      'an object',
      { original_envelope: { payload: { correlation_id: 'c' } }, error: 'e' },
      { at: '/original_envelope', correlationId: 'c' },
    ],
    [
      'a text',
      { original_value: '{"workflow_data":{"correlation_id":"c"}}', error: 'e' },
      { at: '/original_value', correlationId: 'c' },
    ],
    ['text that is no JSON', { original_value: 'x{', error: 'e' }, { at: '/original_value', correlationId: null }],
    [
      'quarantined',
      { quarantined_at: 1, original_payload: { correlation_id: 'theirs' }, original_correlation_id: 'c' },
      { at: '/original_payload', correlationId: 'c' },
    ],
    ['absent', { original_event: null, error: 'e' }, null],
    ['the value itself', { correlation_id: 'c' }, { at: 'value', correlationId: 'c' }],
    [
      'the consumer’s own id beside it',
      { correlation_id: 'theirs', original_message: { value: '{"correlationId":"c"}', offset: 1 }, error: 'e' },
      { at: '/original_message/value', correlationId: 'c' },
    ],
  ])('%s', (_what, body, inside) => {
    const found = insideEvent(body);
    expect(found === null ? null : { at: found.at, correlationId: found.correlationId }).toEqual(inside);
  });
});
