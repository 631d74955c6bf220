/** Longest text a page draws of a name that came from a record. */
const NAME_LIMIT = 512;

/**
 * A name from a record as it may be drawn: control characters as pictures (␀), bidirectional controls and other
 * invisible format characters as their code point, cut at `limit` characters. The result is still only ever rendered as text.
 */
export function safeText(text: string, limit = NAME_LIMIT): string {
  const cut = text.length > limit ? `${wholeCharacters(text.slice(0, limit))}…` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, picture);
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Drops half a surrogate pair that a cut left at the end. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
