/** A piece of a sentence. `mono` marks numbers and identifiers, `href` what can be followed. */
export interface Words {
  readonly text: string;
  readonly mono?: boolean;
  readonly href?: string;
}

/** The sentence as plain text. */
export function inWords(words: readonly Words[]): string {
  return words.map((word) => word.text).join('');
}
