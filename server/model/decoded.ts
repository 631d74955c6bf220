import type { Json } from './json.ts';
import type { Reason } from './reason.ts';

/** A record value after decoding: JSON, or the typed reason why it is not. The raw bytes stay the truth either way. */
export type Decoded =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'unreadable'; readonly reason: Reason };
