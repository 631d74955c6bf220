import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchKafka, type PinnedJar } from './fetch-kafka.ts';

const content = Buffer.from('the bytes of a jar');
const jar: PinnedJar = {
  path: 'org/example/a/1/a-1.jar',
  bytes: content.length,
  sha512: createHash('sha512').update(content).digest('hex'),
};
let cacheDir = '';
let server: Server;
let answers: { status: number; body: Buffer }[] = [];
let asked: (string | undefined)[] = [];

beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), 'throughline-jars-'));
  answers = [];
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url);
    const answer = answers.shift() ?? { status: 200, body: content };
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(cacheDir, { recursive: true, force: true });
});

function fetchOne(onProgress?: (done: number, total: number) => void): Promise<string> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return fetchKafka({ cacheDir, mirror: `http://127.0.0.1:${port}/maven/`, jars: [jar], backOffMs: 1, onProgress });
}

test('a jar is downloaded once, and progress ends at the whole size', async () => {
  const seen: number[] = [];
  const folder = await fetchOne((done, total) => seen.push(done / total));
  await fetchOne();
  expect(asked).toEqual(['/maven/org/example/a/1/a-1.jar']);
  expect(await readFile(path.join(folder, 'a-1.jar'))).toEqual(content);
  expect(seen.at(-1)).toBe(1);
});

test('a server that fails at first is asked again', async () => {
  answers = [
    { status: 503, body: Buffer.alloc(0) },
    { status: 200, body: content.subarray(1) },
  ];
  await fetchOne();
  expect(asked).toHaveLength(3);
});

test('another content than the pinned one is refused and leaves nothing behind', async () => {
  answers = Array.from({ length: 4 }, () => ({ status: 200, body: Buffer.from('the bytes of a bad') }));
  await expect(fetchOne()).rejects.toMatchObject({ code: 'wrong_hash' });
  const [folder = ''] = await readdir(cacheDir);
  expect(await readdir(path.join(cacheDir, folder))).toEqual([]);
});

test('a cached jar that was damaged is downloaded again', async () => {
  const folder = await fetchOne();
  await writeFile(path.join(folder, 'a-1.jar'), Buffer.alloc(content.length));
  await fetchOne();
  expect(await readFile(path.join(folder, 'a-1.jar'))).toEqual(content);
});
