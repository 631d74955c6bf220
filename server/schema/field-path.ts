import { printKey } from '../model/pointer-text.ts';

/** Stands in a path for every place of a list. */
export const ANY_PLACE = '*';
/** Stands in a path for every key of an object that is a map. No key is written so: a `*` that a key begins with is `~2`. */
export const ANY_KEY = '**';

/** Characters that cannot stand in a path as they are: what escapes them, and what PostgreSQL cannot store. */
const SPECIAL = /[~/\s\0\ud800-\udfff]|^\*/;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * A key as one segment of a path: a JSON pointer (RFC 6901) with `~2` for a `*` that a key begins with and `~3` for a
 * space, as everywhere that a pointer is written. U+0000 shows as ␀ and a lone surrogate as U+FFFD.
 */
export function pathSegment(key: string): string {
  return SPECIAL.test(key) ? escaped(key) : key;
}

function escaped(key: string): string {
  return printKey(key.replaceAll('\0', '\u2400').replace(LONE_SURROGATE, '\uFFFD'));
}

/** The path one segment up; null for that of the whole value. */
export function parentPath(path: string): string | null {
  return path === '' ? null : path.slice(0, path.lastIndexOf('/'));
}

/** The last segment of a path; empty for that of the whole value. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
