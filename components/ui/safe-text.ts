/** Longest text a page draws of a name that came from a record. */
const NAME_LIMIT = 512;

/** Names of the control characters U+0000 … U+001F. */
const CONTROLS =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );
/** Where Unicode keeps pictures of them (␀). Few fonts have these, and the store writes one for a NUL. */
const PICTURES = 0x2400;

/**
 * A name from a record as it may be drawn: control characters by name (‹NUL›, ‹LF›), bidirectional controls and other
 * invisible format characters by code point (‹U+202E›), cut at `limit` characters. All of it in letters that every font
 * has. The result is still only ever rendered as text.
 */
export function safeText(text: string, limit = NAME_LIMIT): string {
  const cut = text.length > limit ? `${wholeCharacters(text.slice(0, limit))}…` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u2400-\u2421]/gu, inLetters);
}

function inLetters(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const code = point >= PICTURES && point < PICTURES + CONTROLS.length ? point - PICTURES : point;
  if (code === 0x7f || code === PICTURES + 0x21) return '‹DEL›';
  return `‹${CONTROLS[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}›`;
}

/** Drops half a surrogate pair that a cut left at the end. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
