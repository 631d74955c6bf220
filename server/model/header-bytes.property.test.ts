import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHeaders, encodeHeaders, endOfHeaders, MalformedHeadersError } from './header-bytes.ts';

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const headers = fc.array(fc.record({ name: bytes, value: fc.option(bytes, { nil: null }) }), { maxLength: 20 });

test('headers come back as they went in, order, repeats and nulls included', () => {
  fc.assert(
    fc.property(headers, bytes, (list, behind) => {
      const encoded = encodeHeaders(list);
      expect(decodeHeaders(encoded)).toEqual(list);
      const within = Buffer.concat([behind, encoded, behind]);
      expect(endOfHeaders(within, behind.length, within.length)).toBe(behind.length + encoded.length);
    }),
  );
});

test('bytes of any kind are read or refused as malformed, and both readers agree', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (array) => {
      const damaged = Buffer.from(array);
      const outcome = (read: () => unknown) => {
        try {
          read();
          return 'read';
        } catch (error) {
          if (!(error instanceof MalformedHeadersError)) throw error;
          return 'malformed';
        }
      };
      const whole = outcome(() => decodeHeaders(damaged));
      const end = outcome(() => endOfHeaders(damaged, 0, damaged.length) === damaged.length || decodeHeaders(damaged));
      expect(end).toBe(whole);
    }),
    { numRuns: 2000 },
  );
});
