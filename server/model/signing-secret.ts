const PREFIX = 'whsec_';
/** Bytes of a key, as Standard Webhooks has it. */
const KEY_BYTES = { least: 24, most: 64 } as const;

/** What is wrong with a signing secret, as the end of a sentence; null for a good one. Never says the secret. */
export function secretTrouble(secret: string): string | null {
  const key = signingKey(secret);
  if (key !== null && key.length >= KEY_BYTES.least && key.length <= KEY_BYTES.most) return null;
  return `must be whsec_ and ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes in base64`;
}

/** The bytes of a secret; null for a text that is none. */
export function signingKey(secret: string): Buffer | null {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
