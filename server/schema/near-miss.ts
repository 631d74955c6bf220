import { editDistance } from '../model/nearest.ts';

/** Keys that are looked at: an object of a stranger may have a million. */
const MOST_KEYS = 300;
const LONGEST_KEY = 100;
/** A shorter word says too little: `id` is in half of all names. */
const SHORTEST_WORD = 3;

/**
 * The one of `there` that was most likely meant to be `wanted`: the same words in another writing (`fileHash` for
 * `file_hash`), some of the words (`code` for `code_content`), or a slip of the pen. Null when none is near.
 */
export function nearMiss(wanted: string, there: readonly string[]): string | null {
  if (wanted.length > LONGEST_KEY) return null;
  const [words, whole] = [wordsOf(wanted), wordsOf(wanted).join('')];
  let best: string | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const key of there.slice(0, MOST_KEYS)) {
    const rank =
      key.length > LONGEST_KEY || key === wanted ? Number.POSITIVE_INFINITY : rankOf(wordsOf(key), words, whole);
    if (rank < bestRank) [best, bestRank] = [key, rank];
  }
  return best;
}

/** How far a key is from the wanted one: the same, a slip, a part; infinite for another word. */
function rankOf(words: readonly string[], wanted: readonly string[], whole: string): number {
  const joined = words.join('');
  if (joined === whole) return 0;
  const distance = editDistance(joined, whole);
  if (distance <= Math.max(1, Math.floor(whole.length / 5))) return distance;
  const [few, many] = words.length < wanted.length ? [words, wanted] : [wanted, words];
  const isPart = few.length < many.length && few.every((word) => many.includes(word));
  return isPart && few.some((word) => word.length >= SHORTEST_WORD) ? 100 + distance : Number.POSITIVE_INFINITY;
}

/** `fileHash2`, `file_hash2` and `file-hash2` are all `file hash2`. */
function wordsOf(key: string): readonly string[] {
  return key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}
