import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTokenIssuer, type TokenIssuer } from '../../../../e2e/support/token-issuer.ts';
import { fetchToken } from './fetch-token.ts';
import { keepToken } from './kept-token.ts';

let issuer: TokenIssuer;

beforeAll(async () => {
  issuer = await startTokenIssuer();
});

afterEach(() => {
  issuer.answer = null;
  issuer.lifetimeS = 300;
});

afterAll(() => issuer.close());

const endpoint = (more: { url?: string; clientSecret?: string } = {}) => ({
  url: issuer.tokenUrl,
  clientId: issuer.clientId,
  clientSecret: issuer.clientSecret,
  scope: 'kafka',
  ...more,
});

async function refusal(more: { url?: string; clientSecret?: string } = {}): Promise<string> {
  const failed = await fetchToken(endpoint(more)).catch((error: unknown) => error);
  if (!(failed instanceof Error)) throw new Error('a token was granted');
  expect(failed).toMatchObject({ code: 'no_token' });
  expect(failed.message).not.toContain(issuer.clientSecret);
  return failed.message;
}

test('a token is asked for with the secret and the scope, and with its end', async () => {
  const { token, endsAtMs } = await fetchToken(endpoint());
  expect(token.split('.')).toHaveLength(3);
  expect(issuer.scope).toBe('kafka');
  expect(endsAtMs).toBeGreaterThan(Date.now() + 200_000);
});

test('a wrong secret is named by the error code of the endpoint, without the secret', async () => {
  const message = await refusal({ clientSecret: 'wrong-secret' });
  expect(message).toBe(`${issuer.tokenUrl} answers with status 401 (invalid_client)`);
});

test('a redirect is not followed: the secret goes to the named address alone', async () => {
  const other = await startTokenIssuer();
  let asked = 0;
  other.answer = (_, response) => {
    asked += 1;
    response.end('{}');
  };
  issuer.answer = (_, response) => void response.writeHead(307, { location: other.tokenUrl }).end();
  expect(await refusal()).toBe(`${issuer.tokenUrl} answers with status 307`);
  await other.close();
  expect(asked).toBe(0);
});

test('what is no answer is no token: too long, no JSON, no token, strange characters, the end of the line', async () => {
  issuer.answer = (_, response) => void response.end(`{"access_token":"${'a'.repeat(100_000)}"}`);
  expect(await refusal()).toBe('the answer is longer than 64 KB');
  for (const text of ['<html>', '{"token":"x"}', '{"access_token":"a b\\u0001"}', 'null']) {
    issuer.answer = (_, response) => void response.end(text);
    expect(await refusal()).toBe(`the answer of ${issuer.tokenUrl} holds no access_token`);
  }
  issuer.answer = (request) => void request.socket.destroy();
  expect(await refusal()).toMatch(/does not answer \((UND_ERR_SOCKET|ECONNRESET)\)$/);
  issuer.answer = (_, response) => void response.writeHead(400).end(JSON.stringify({ error: `<b>"${'x'.repeat(99)}` }));
  expect(await refusal()).toBe(`${issuer.tokenUrl} answers with status 400`);
});

test('what an address holds besides host and path is not shown', async () => {
  issuer.answer = (_, response) => void response.writeHead(500).end();
  expect(await refusal({ url: `${issuer.tokenUrl}?key=hidden` })).toBe(`${issuer.tokenUrl} answers with status 500`);
});

test('a kept token is handed out until shortly before its end, and asked for once however many want it', async () => {
  let now = 0;
  let asked = 0;
  const token = keepToken(
    async () => {
      asked += 1;
      await wait(1);
      return { token: `t${asked}`, endsAtMs: now + 100_000 };
    },
    () => now,
  );
  expect(await Promise.all([token(), token(), token()])).toEqual(['t1', 't1', 't1']);
  now = 79_999;
  expect(await token()).toBe('t1');
  now = 80_000;
  expect(await Promise.all([token(), token()])).toEqual(['t2', 't2']);
});

test('a token without an end is not kept, and a failure is not kept either', async () => {
  let asked = 0;
  const token = keepToken(async () => {
    asked += 1;
    if (asked === 2) throw new Error('away');
    return { token: `t${asked}`, endsAtMs: null };
  });
  expect(await token()).toBe('t1');
  await expect(token()).rejects.toThrow('away');
  expect(await token()).toBe('t3');
});
