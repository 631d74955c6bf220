import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { json } from '../api/json.ts';
import { serveApi } from './serve-api.ts';

interface Came {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

let server: Server;
beforeAll(async () => {
  const api = async (asked: Request) => {
    const { searchParams } = new URL(asked.url);
    return json({ text: 'word '.repeat(Number(searchParams.get('words'))) }, Number(searchParams.get('status') ?? 200));
  };
  const listener = serveApi(api, async (_request, response) => void response.end('a page'));
  server = createServer((req, res) => void listener(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function ask(path: string, { method = 'GET', accept = '' } = {}): Promise<Came> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const headers = accept === '' ? {} : { 'accept-encoding': accept };
    request({ port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const textOf = (bytes: Buffer): string => JSON.parse(bytes.toString()).text;

test.each([
  ['that is sent whole', 1_000],
  ['that is sent as a stream', 100_000],
])('a text %s is compressed for those who take it, and comes as it is to others', async (_what, words) => {
  const plain = await ask(`/api/v1/words?words=${words}`);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(textOf(plain.bytes)).toHaveLength(5 * words);
  const packed = await ask(`/api/v1/words?words=${words}`, { accept: 'gzip' });
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' });
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length);
  expect(gunzipSync(packed.bytes)).toEqual(plain.bytes);
  const refused = await ask(`/api/v1/words?words=${words}`, { accept: 'gzip;q=0, identity' });
  expect(refused.bytes).toEqual(plain.bytes);
  for (const { headers } of [plain, packed, refused]) {
    expect(String(headers.vary).toLowerCase()).toBe('accept-encoding');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  }
});

test('a short text stays as it is, and says how long it is and how it went', async () => {
  const { status, headers, bytes } = await ask('/api/v1/words?words=3&status=404', { accept: 'gzip' });
  expect([status, headers['content-encoding'], headers['content-length']]).toEqual([404, undefined, `${bytes.length}`]);
  expect(textOf(bytes)).toBe('word word word ');
});

test('a question for the headers alone is answered without a body, and pages are none of the API', async () => {
  const { status, headers, bytes } = await ask('/api/v1/words?words=1000', { method: 'HEAD', accept: 'gzip' });
  expect([status, bytes.length, headers['content-encoding']]).toEqual([200, 0, 'gzip']);
  expect((await ask('/traces')).bytes.toString()).toBe('a page');
});
