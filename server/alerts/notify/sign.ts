import { createHmac } from 'node:crypto';
import { signingKey } from '../../model/signing-secret.ts';

/**
 * The headers of Standard Webhooks: the same id for every try of one delivery, the time of this try, and HMAC-SHA256 over
 * both and the body. @param secret one that `secretTrouble` has nothing against
 */
export function signedHeaders(
  secret: string,
  { id, atMs, body }: { readonly id: string; readonly atMs: number; readonly body: string },
): Readonly<Record<string, string>> {
  const key = signingKey(secret);
  if (key === null) throw new RangeError('this is no signing secret');
  const timestamp = String(Math.floor(atMs / 1000));
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
