import { pointerKeys } from '../model/json-pointer.ts';

const PLAIN = /^[A-Za-z_$][\w$-]*$/;
const INDEX = /^\d+$/;
const LONGEST = 120;

/** A JSON pointer as people write it: `payload.items[3].name`, a strange key in quotation marks; `the body` for the root. */
export function pathInWords(pointer: string): string {
  let words = '';
  for (const key of pointerKeys(pointer)) {
    if (INDEX.test(key)) words += `[${key}]`;
    else if (PLAIN.test(key)) words += words === '' ? key : `.${key}`;
    else words += `[${JSON.stringify(key)}]`;
  }
  if (words === '') return 'the body';
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}
