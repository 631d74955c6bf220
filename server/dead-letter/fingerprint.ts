/** Longest fingerprint, and how much of a reason it is made of. */
export const LONGEST_FINGERPRINT = 300;
const LOOKED_AT = 2_000;

/**
 * What differs from one failure to the next of the same kind, in the order in which it is folded. Each has a bound, so that
 * none goes over a text more than a few times.
 */
const FOLDS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<time>'],
  // What stands in quotes is a value, unless a letter is before or behind: that is an apostrophe.
  [/(?<![\p{L}\p{N}])'[^'\n]{0,200}'(?![\p{L}\p{N}])/gu, '<text>'],
  [/"[^"\n]{0,200}"/g, '<text>'],
  [/`[^`\n]{0,200}`/g, '<text>'],
  [/(?<![\p{L}\p{N}])(?:0x)?(?=[0-9a-f]{0,64}\d)(?=[0-9]{0,64}[a-f])[0-9a-f]{8,64}(?![\p{L}\p{N}])/giu, '<id>'],
  [/\d+(?:[.,:]\d+)*/g, '<n>'],
  [/\s+/g, ' '],
];

/**
 * A reason without what differs from one dead letter to the next: ids, times, numbers, and what stands in quotes. Only its first
 * line: stack traces follow behind. '' for none.
 */
export function fingerprintOf(reason: string | null): string {
  if (reason === null) return '';
  const [line = ''] = reason.trimStart().slice(0, LOOKED_AT).split(/\r?\n/, 1);
  const folded = FOLDS.reduce((text, [what, fold]) => text.replace(what, fold), line);
  return folded.slice(0, LONGEST_FINGERPRINT).trim();
}
