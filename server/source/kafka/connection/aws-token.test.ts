import { afterEach, expect, test, vi } from 'vitest';
import { signAwsToken } from './aws-token.ts';

afterEach(() => void vi.unstubAllEnvs());

test('a token is a request to the region’s cluster that is signed with the credentials of the environment', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-in-the-token');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
  const { token, endsAtMs } = await signAwsToken('eu-central-1');
  const signed = new URL(Buffer.from(token, 'base64url').toString('utf8'));
  expect(signed.origin).toBe('https://kafka.eu-central-1.amazonaws.com');
  expect(signed.searchParams.get('Action')).toBe('kafka-cluster:Connect');
  expect(signed.searchParams.get('X-Amz-Credential')).toMatch(/^AKIDEXAMPLE\/\d{8}\/eu-central-1\/kafka-cluster\//);
  expect(signed.href).not.toContain('not-in-the-token');
  expect(endsAtMs).toBeGreaterThan(Date.now());
});
