import type { Json } from '../../model/json.ts';

/** Texts that producers write when they mean "none", in lower case. */
const NONE = new Set([
  '',
  'unknown',
  'none',
  'null',
  'nil',
  'undefined',
  'n/a',
  '-',
  '00000000-0000-0000-0000-000000000000',
]);

/** Types that say nothing: the constant of omniarchon's replies, and what the bus calls every dead letter. */
const NO_TYPES = new Set(['CUSTOM', 'dlq_message', 'dlq_raw_message']);

/** An id or a name as text: strings but those that mean "none", and finite numbers. */
export function readText(value: Json): string | null {
  if (typeof value === 'string') return meansNone(value) ? null : value;
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

/** An event type as text; null for those that say nothing. */
export function readType(value: Json): string | null {
  const text = readText(value);
  return text === null || NO_TYPES.has(text) ? null : text;
}

const LONGEST_WORD = 9;
const UUID_LENGTH = 36;
/** With white space around it a longer text may mean none as well. */
const LONGEST_NONE = 40;

function meansNone(text: string): boolean {
  const { length } = text;
  if (length > LONGEST_NONE) return false;
  // Nearly every id is told from a word by its length alone.
  const bare =
    length > 0 && text.charCodeAt(0) > 0x20 && text.charCodeAt(length - 1) > 0x20 && text.charCodeAt(0) < 0x7f;
  if (
    bare &&
    length > LONGEST_WORD &&
    (length !== UUID_LENGTH || text[0] !== '0') &&
    text.charCodeAt(length - 1) < 0x7f
  ) {
    return false;
  }
  return NONE.has(text.trim().toLowerCase());
}
