import fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { secretTrouble } from '../../model/signing-secret.ts';
import { RETRY_MS, retryAfterMs, retryAt } from './retry-at.ts';
import { signedHeaders } from './sign.ts';

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;

test('the library of Standard Webhooks verifies every signature, and none for another body', () => {
  const now = Date.now();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.uuid(), fc.string(), (key, id, text) => {
      const secret = secretOf(key);
      expect(secretTrouble(secret)).toBeNull();
      const body = JSON.stringify({ text });
      const headers = signedHeaders(secret, { id, atMs: now, body });
      expect(headers['webhook-id']).toBe(id);
      expect(new Webhook(secret).verify(body, { ...headers })).toEqual({ text });
      expect(() => new Webhook(secret).verify(`${body} `, { ...headers })).toThrow(WebhookVerificationError);
    }),
  );
});

test('a secret that is too short, too long or no base64 is refused without being said', () => {
  for (const secret of [
    '',
    'whsec_',
    'geheim',
    `whsec_${'a b'.repeat(20)}`,
    secretOf(new Uint8Array(23)),
    secretOf(new Uint8Array(65)),
  ]) {
    expect(secretTrouble(secret)).toBe('must be whsec_ and 24 to 64 bytes in base64');
  }
});

test('tries come after 5 s, 5 min, 30 min and so on, spread by a fifth at most, and end after the tenth', () => {
  RETRY_MS.forEach((pause, place) => {
    expect(retryAt(place + 1, { now: 1000, jitter: 0 })).toBe(1000 + pause);
    expect(retryAt(place + 1, { now: 1000, jitter: 1 })).toBe(1000 + pause * 1.2);
  });
  expect(RETRY_MS.slice(0, 5)).toEqual([5_000, 300_000, 1_800_000, 7_200_000, 18_000_000]);
  expect(retryAt(RETRY_MS.length + 1, { now: 0, jitter: 0 })).toBeNull();
});

test('a receiver that asks for patience is left alone for that long, and for a day at most', () => {
  expect(retryAt(1, { now: 0, jitter: 0, askedMs: 60_000 })).toBe(60_000);
  expect(retryAt(3, { now: 0, jitter: 0, askedMs: 60_000 })).toBe(1_800_000);
  expect(retryAt(1, { now: 0, jitter: 0, askedMs: 1e12 })).toBe(24 * 3_600_000);
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs('Wed, 21 Oct 2026 07:30:00 GMT', now)).toBe(120_000);
  for (const none of [null, '', 'soon', '-5', '1.5', '2026-10-22', 'Wed, 21 Oct 2015 07:28:00 GMT']) {
    expect(retryAfterMs(none, now)).toBe(0);
  }
});
