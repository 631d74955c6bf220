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

/** A first step of a path that is a word, and no token: those have capitals, digits, or length. */
const PLAIN_STEP = /^[a-z][a-z-]{0,19}$/;

/**
 * What can be shown of the address of a receiver: its host, and how its path begins. Many services have their token further
 * down the path, others in the query; of Slack's path all is one.
 */
export function shownAddress(kind: ReceiverKind, url: string): string {
  const { origin, pathname, search } = new URL(url);
  if (kind === 'slack') return `${origin}/…`;
  const [, first = '', ...rest] = pathname.split('/');
  const shown = first === '' && rest.length === 0 ? '' : PLAIN_STEP.test(first) ? first : null;
  const path = shown === null ? '…' : rest.length === 0 ? shown : `${shown}/…`;
  return `${origin}/${path}${search === '' ? '' : '?…'}`;
}
