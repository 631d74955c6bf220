import { compareValues, type Difference } from '../dead-letter/compare-values.ts';
import { insideEvent } from '../dead-letter/inside-event.ts';
import type { InsideEvent } from '../model/dead-letter.ts';
import type { Decoded } from '../model/decoded.ts';
import type { Json } from '../model/json.ts';
import type { LetterComparison, LetterSide } from '../model/letter-comparison.ts';
import { printValue } from '../model/print-value.ts';

/** Longest value of a difference, in characters, and of the event inside where it has to be printed. */
const LONGEST_VALUE = 200;
const LONGEST_INSIDE = 64 * 1024;

const NO_DIFFERENCES = { differences: [], more: false } as const;

/** Holds the event inside a dead letter against its stored original; null where that is not stored. Pure, and total. */
export function compareLetter(own: LetterSide, original: LetterSide | null): LetterComparison {
  const inside = insideEvent(bodyValue(own.decoded));
  const shown = { insideAt: inside?.at ?? null, inside: inside === null ? null : textOf(inside, own) };
  if (own.value === null || own.value.length === 0) {
    return { ...shown, result: 'nothing inside', why: 'It has no body', ...NO_DIFFERENCES };
  }
  if (inside === null && bodyValue(own.decoded) !== undefined) {
    return { ...shown, result: 'nothing inside', why: 'The place of the event in it is empty', ...NO_DIFFERENCES };
  }
  if (original === null) return { ...shown, result: 'gone', why: null, ...NO_DIFFERENCES };
  // The whole value, byte for byte: also where nobody can read either.
  if (original.value !== null && own.value.equals(original.value)) {
    return { ...shown, result: 'same', why: null, ...NO_DIFFERENCES };
  }
  if (inside?.text != null && original.value !== null && Buffer.from(inside.text).equals(original.value)) {
    return { ...shown, result: 'same', why: null, ...NO_DIFFERENCES };
  }
  const [was, is] = [bodyValue(original.decoded), inside?.value];
  if (was === undefined)
    return { ...shown, result: 'not comparable', why: 'The original cannot be read', ...NO_DIFFERENCES };
  if (is === undefined) {
    return { ...shown, result: 'not comparable', why: 'The event inside cannot be read', ...NO_DIFFERENCES };
  }
  const { differences, more } = compareValues(was, is);
  const result = differences.length === 0 && !more ? 'same' : 'changed';
  return { ...shown, result, why: null, differences: differences.map(toText), more };
}

function bodyValue(decoded: Decoded): Json | undefined {
  return decoded.kind === 'value' ? decoded.value : undefined;
}

/** As it stands there, where that is a text or the whole value; an object among others is printed. */
function textOf({ at, text, value }: InsideEvent, own: LetterSide): Buffer | null {
  if (at === 'value') return own.value;
  if (text !== null) return Buffer.from(text);
  return value === undefined ? null : Buffer.from(printValue(value, LONGEST_INSIDE).text);
}

function toText({ path, what, was, is }: Difference): LetterComparison['differences'][number] {
  return { path, what, was: print(was), is: print(is) };
}

function print(value: Json | undefined): string | null {
  return value === undefined ? null : printValue(value, LONGEST_VALUE).text;
}
