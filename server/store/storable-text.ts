/** Longest id text that is stored, in UTF-16 units. */
export const ID_TEXT_LIMIT = 1024;
/** Longest label of a name. */
export const LABEL_LIMIT = 512;
/** Length of the folded id kept for look-up by prefix. */
export const ID_PREFIX_LIMIT = 128;

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * A text PostgreSQL can hold: at most `limit` units, U+0000 shown as ␀ (U+2400), lone surrogates as U+FFFD. The raw
 * bytes of the record stay the truth.
 */
export function storableText(text: string, limit: number): string {
  return text.slice(0, limit).replaceAll('\0', '\u2400').replace(LONE_SURROGATE, '\uFFFD');
}

/** The form of an id that prefixes are looked up in: any case, 128 units. */
export function idPrefix(text: string): string {
  return storableText(storableText(text, ID_PREFIX_LIMIT).toLowerCase(), ID_PREFIX_LIMIT);
}
