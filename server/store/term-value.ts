import { hash } from 'node:crypto';
import { storableText } from './storable-text.ts';

/** Longest value of a term, in bytes of UTF-8: an entry of a B-tree must fit a third of a page. */
const LIMIT = 128;

/** A term's value as it is stored and looked up: as it is, or `#` and its SHA-256 where it is too long. */
export function termValue(value: string): string {
  if (value.length > LIMIT || Buffer.byteLength(value) > LIMIT) return `#${hash('sha256', value, 'hex')}`;
  return storableText(value, LIMIT);
}
