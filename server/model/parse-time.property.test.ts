import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseTime } from './parse-time.ts';

const instants = fc.date({
  min: new Date('0100-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

it('reads every instant a Date prints, with a fraction of any length and any way to write UTC', () => {
  fc.assert(
    fc.property(
      instants,
      fc.nat(999_999),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('Z', '+00:00', '+0000'),
      (date, us, places, zone) => {
        const whole = Math.floor(date.getTime() / 1000) * 1000;
        const fraction = String(us).padStart(6, '0').padEnd(9, '7').slice(0, places);
        const text = `${new Date(whole).toISOString().slice(0, 19)}.${fraction}${zone}`;
        const expected = whole * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
        expect(parseTime(text)).toEqual({ at: expected, naive: false });
      },
    ),
    { numRuns: 2000 },
  );
});

it('a text with one character changed is read as the same text with a space for its T, which takes the long way', () => {
  const plain = '2025-10-18T10:45:00.120000Z';
  fc.assert(
    fc.property(fc.nat(plain.length - 1), fc.constantFrom(...'0123456789-:T.Z+ x/'), (place, character) => {
      const text = plain.slice(0, place) + character + plain.slice(place + 1);
      const other = text[10] === 'T' ? `${text.slice(0, 10)} ${text.slice(11)}` : text;
      expect(parseTime(text)).toEqual(parseTime(other));
    }),
    { numRuns: 2000 },
  );
});
