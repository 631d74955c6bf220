import type { ReceiverKind } from './delivery-wire.ts';

const LONGEST_URL = 2_000;

/** What is wrong with the address of a receiver, as the end of a sentence; null for one that can be sent to. */
export function receiverUrlTrouble(text: string): string | null {
  if (text.length > LONGEST_URL) return `must be at most ${LONGEST_URL} characters`;
  if (!URL.canParse(text)) return 'must be an http or https address';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be an http or https address';
  if (url.username !== '' || url.password !== '') return 'must carry no user and password; send them as a header';
  return null;
}

/** What can be shown of the address of a receiver: without its query, and of Slack, whose path is a secret, the host alone. */
export function shownAddress(kind: ReceiverKind, url: string): string {
  const { origin, pathname, search } = new URL(url);
  if (kind === 'slack') return `${origin}/…`;
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}
