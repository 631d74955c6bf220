/**
 * Characters that a terminal or a CI runner acts on, or that make a text look like another one: controls, marks of
 * direction, what has no width, line separators, halves of pairs, and the `#` of `##[group]` and `##vso[…]`.
 */
const ACTED_ON = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}]|#(?=#\w*\[)/gu;

/** A text of a stranger for one line of a terminal: what would act there is written as its number, `\u{1b}`. */
export function terminalText(text: string): string {
  return text.replace(ACTED_ON, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** A value as indented JSON with the same characters escaped as JSON escapes them: what it parses to stays the same. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(ACTED_ON, (char) => (char === '\n' ? char : escaped(char)));
}

function escaped(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
