import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** Bytes of a key, as Standard Webhooks has it. */
const KEY_BYTES = { least: 24, most: 64 } as const;

/** What is wrong with a signing secret, as the end of a sentence; null for a good one. Never says the secret. */
export function secretTrouble(secret: string): string | null {
  const key = keyOf(secret);
  if (key !== null && key.length >= KEY_BYTES.least && key.length <= KEY_BYTES.most) return null;
  return `must be whsec_ and ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes in base64`;
}

/**
 * The headers of Standard Webhooks: the same id for every try of one delivery, the time of this try, and HMAC-SHA256 over
 * both and the body. @param secret one that `secretTrouble` has nothing against
 */
export function signedHeaders(
  secret: string,
  { id, atMs, body }: { readonly id: string; readonly atMs: number; readonly body: string },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(atMs / 1000));
  const mac = createHmac('sha256', keyOf(secret) ?? Buffer.alloc(0)).update(`${id}.${timestamp}.${body}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac.digest('base64')}` };
}

function keyOf(secret: string): Buffer | null {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
