import type { Addressee } from './notification.ts';

/** Where a secret stands that is not ours to keep. */
export type SecretPlace =
  | { readonly from: 'environment'; readonly name: string }
  | { readonly from: 'file'; readonly path: string };

/** Who is told, whole: what an operator declared. */
export interface Receiver extends Addressee {
  readonly url: string | SecretPlace;
  /** Null: deliveries are not signed. */
  readonly secret: string | SecretPlace | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Most receivers, those of the file and of the page together. */
export const MOST_RECEIVERS = 100;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/** What is wrong with the name of a receiver, as the end of a sentence; null for a good one. */
export function receiverNameTrouble(name: string): string | null {
  return NAME.test(name) ? null : 'must be 1 to 64 letters, digits, blanks, dots, dashes or underscores';
}
