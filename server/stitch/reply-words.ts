/** The part a type's name gives its events, and what pairs them: the words of the name with that part's word left open. */
export interface ReplyRole {
  readonly role: 'request' | 'reply';
  readonly stem: string;
}

const REQUESTS = new Set('request requests requested ask asks asked started'.split(' '));
const REPLIES = new Set(
  'response responses responded reply replies replied answer answers answered completed succeeded failed'.split(' '),
);
/** Types repeat from trace to trace, and taking one apart costs as much as stitching three events. Same text, same answer. */
const remembered = new Map<string, ReplyRole | null>();
const MOST_REMEMBERED = 2_000;
const VERSION = /^v\d+$/;

/**
 * Reads a type as a request or a reply; null for any other. The last word that is one decides, words before and after it
 * keep their places, and how words are joined does not count: `codegen.validate.request`, `CodegenValidateRequest` and
 * `CODEGEN_VALIDATE_RESPONSE` have one stem. Trailing versions are left out.
 */
export function readReplyRole(typeText: string): ReplyRole | null {
  const known = remembered.get(typeText);
  if (known !== undefined) return known;
  const role = readRole(typeText);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(typeText, role);
  return role;
}

function readRole(typeText: string): ReplyRole | null {
  const words = wordsOf(typeText);
  const at = words.findLastIndex((word) => REQUESTS.has(word) || REPLIES.has(word));
  const word = words[at];
  if (word === undefined) return null;
  return { role: REQUESTS.has(word) ? 'request' : 'reply', stem: words.with(at, '*').join(' ') };
}

function wordsOf(text: string): string[] {
  const words = text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
  while (VERSION.test(words.at(-1) ?? '')) words.pop();
  return words;
}
