import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { afterEach, expect, test } from 'vitest';
import { createSender } from './create-sender.ts';

const allowed = [ipaddr.parseCIDR('127.0.0.0/8')];
const never = new AbortController().signal;

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

async function listen(server: Pick<Server, 'listen' | 'close' | 'address'>, before = () => {}): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => {
    before();
    return new Promise((resolve) => void server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serving = (handle: Parameters<typeof createServer>[1]) => {
  const server = createServer(handle);
  return listen(server, () => server.closeAllConnections());
};

/** A server of bare sockets. */
function talking(handle: (socket: Socket) => void) {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    handle(socket);
  });
  return listen(server as unknown as Server, () => open.forEach((socket) => void socket.destroy()));
}

const send = (url: string, { timeoutMs = 10_000, signal = never } = {}) =>
  createSender({ allowed, timeoutMs })(
    { url: `${url}/secret?key=1`, headers: { 'x-a': 'b' }, body: '{"a":1}' },
    signal,
  );

test('the body and the headers are sent as they are, and 2xx is success', async () => {
  const got: unknown[] = [];
  const url = await serving(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push(request.method, request.url, request.headers['x-a'], Buffer.concat(chunks).toString());
    response.writeHead(204).end();
  });
  expect(await send(url)).toEqual({
    ...{ outcome: 'delivered', status: 204, sentence: 'It answered 204.', excerpt: null, retryAfter: null },
    latencyMs: expect.any(Number),
  });
  expect(got).toEqual(['POST', '/secret?key=1', 'b', '{"a":1}']);
});

test('a redirect is a failure and is not followed', async () => {
  let requests = 0;
  const url = await serving((_, response) => {
    requests += 1;
    response.writeHead(301, { location: '/elsewhere' }).end();
  });
  expect(await send(url)).toMatchObject({
    ...{ outcome: 'refused', status: 301, sentence: 'It answered 301, a redirect, and none is followed.' },
  });
  expect(requests).toBe(1);
});

test('500, 410 and 429 are refusals, with what the receiver asks for', async () => {
  const statuses = [500, 410, 429];
  const url = await serving((_, response) => {
    response.writeHead(statuses.shift() ?? 200, { 'retry-after': '120' }).end('<b>no</b>');
  });
  expect(await send(url)).toMatchObject({ outcome: 'refused', status: 500, excerpt: '<b>no</b>' });
  expect(await send(url)).toMatchObject({ status: 410, sentence: 'It answered 410: it wants nothing any more.' });
  expect(await send(url)).toMatchObject({ outcome: 'refused', status: 429, retryAfter: '120' });
});

test('of an answer of 10 MB no more than its begin is read', async () => {
  let sent = 0;
  const piece = Buffer.alloc(64 * 1024, 'x');
  const url = await serving((_, response) => {
    const more = () => {
      while (sent < 10 * 2 ** 20 && !response.destroyed) {
        sent += piece.length;
        if (!response.write(piece)) return response.once('drain', more);
      }
      return response.end();
    };
    more();
  });
  const outcome = await send(url);
  expect(outcome).toMatchObject({
    ...{ outcome: 'delivered', status: 200 },
    sentence: 'It answered 200. Its answer is longer than 4 KB; the rest was not read.',
  });
  expect(outcome.excerpt).toHaveLength(1000);
  expect(sent).toBeLessThan(10 * 2 ** 20);
});

test('an answer without an end is let go of', async () => {
  const url = await serving((_, response) => {
    response.writeHead(200);
    response.write('so far');
  });
  expect(await send(url)).toMatchObject({
    ...{
      outcome: 'delivered',
      excerpt: 'so far',
      sentence: 'It answered 200. Its answer did not end; the rest was not read.',
    },
  });
});

test('an answer that breaks off has its status', async () => {
  const url = await talking((socket) => {
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
  });
  expect(await send(url)).toMatchObject({
    ...{ outcome: 'delivered', status: 200, excerpt: 'half', sentence: 'It answered 200. Its answer broke off.' },
  });
});

test('a receiver that closes early, hangs, or speaks something else is named with what it did', async () => {
  const closes = await talking((socket) => socket.end());
  expect(await send(closes)).toMatchObject({
    ...{ outcome: 'failed', status: null },
    sentence: `${closes.slice(7)} closed the connection before an answer came.`,
  });
  const hangs = await talking(() => undefined);
  expect(await send(hangs, { timeoutMs: 200 })).toMatchObject({
    ...{ outcome: 'failed', sentence: `${hangs.slice(7)} did not answer within 0.2 s.` },
  });
  const speaks = await talking((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
  expect((await send(speaks)).sentence).toMatch(/is no HTTP/);
  const floods = await talking((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`);
  });
  expect((await send(floods)).sentence).toMatch(/more than 16 KB of headers/);
  const nobody = await talking(() => undefined);
  await closing.at(-1)?.();
  closing.pop();
  expect(await send(nobody)).toMatchObject({ outcome: 'failed', sentence: `Nothing listens at ${nobody.slice(7)}.` });
});

test('a name without an address, and one that cannot be looked up, are told apart', async () => {
  const failing = (code: string) => async () => {
    throw Object.assign(new Error(code), { code });
  };
  const to = (resolve: () => Promise<readonly string[]>) =>
    createSender({ allowed, resolve })({ url: 'http://a.test/x', headers: {}, body: '' }, never);
  expect((await to(failing('EAI_AGAIN'))).sentence).toBe('The name of a.test could not be looked up just now.');
  expect((await to(async () => [])).sentence).toBe('The name of a.test has no address.');
});

test('a try ends when the process stops', async () => {
  const stopping = new AbortController();
  const url = await talking(() => stopping.abort());
  expect(await send(url, { signal: stopping.signal })).toMatchObject({
    ...{ outcome: 'failed', sentence: 'The try was given up because the process stops.' },
  });
});

test('no sentence says more of an address than its host', async () => {
  const url = await talking((socket) => socket.end());
  expect(JSON.stringify(await send(url))).not.toMatch(/secret|key=1/);
});
