import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../../../e2e/support/until.ts';
import { freePort } from '../../../runtime/supervise/free-ports.ts';
import { ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import { metadataRequest } from '../wire/metadata-request.ts';
import { connectAny } from './connect-any.ts';
import { connectKafka } from './kafka-connection.ts';
import { troubleSentence } from './trouble-sentence.ts';

const closing: (() => void)[] = [];
const access = { clientId: 'test' };

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Something that answers whatever it hears with `bytes`, and goes on listening. */
async function stranger(bytes: Buffer): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const context = (address: string) => ({ access, groupId: 'g', address, brokers: null });

/** A broker that answers the first request of each socket (which versions it speaks) or none, and then nothing. */
async function frozenBroker({ answersVersions }: { answersVersions: boolean }) {
  const sockets = new Set<Socket>();
  let dialled = 0;
  let heard = 0;
  const server = createServer((socket) => {
    dialled += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', () => {
      heard += 1;
    });
    if (answersVersions) socket.once('data', (bytes: Buffer) => socket.write(versionsFor(bytes.readInt32BE(8))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, open: () => sockets.size, dialled: () => dialled, heard: () => heard };
}

function versionsFor(correlationId: number): Buffer {
  const body = new ByteWriter().int32(correlationId).int16(0);
  body.array([API_KEYS.metadata], false, (key) => body.int16(key).int16(0).int16(12));
  const bytes = body.int32(0).toBuffer();
  return Buffer.concat([new ByteWriter().int32(bytes.length).toBuffer(), bytes]);
}

test('closing rejects what is in flight and frees the socket, also when the broker has frozen', async () => {
  const broker = await frozenBroker({ answersVersions: true });
  const connection = await connectKafka('127.0.0.1', broker.port, access, new AbortController().signal);
  const asked = connection.send(metadataRequest(12));
  asked.catch(() => undefined);
  await until('the request at the broker', async () => broker.heard() === 2);
  connection.close();
  await expect(asked).rejects.toMatchObject({ code: 'connection_closed' });
  await until('the end of the socket', async () => broker.open() === 0);
});

test('a closed connection is not dialled again', async () => {
  const broker = await frozenBroker({ answersVersions: true });
  const connection = await connectKafka('127.0.0.1', broker.port, access, new AbortController().signal);
  connection.close();
  await expect(connection.send(metadataRequest(12))).rejects.toMatchObject({ code: 'connection_closed' });
  expect(broker.dialled()).toBe(1);
});

test('connecting ends when it is called off, also when the broker says nothing', async () => {
  const broker = await frozenBroker({ answersVersions: false });
  const life = new AbortController();
  const connecting = connectKafka('127.0.0.1', broker.port, access, life.signal);
  connecting.catch(() => undefined);
  await until('the socket', async () => broker.open() === 1);
  life.abort();
  await expect(connecting).rejects.toMatchObject({ code: 'connection_closed' });
  await until('the end of the socket', async () => broker.open() === 0);
});

test.each([
  ['TLS', Buffer.from('15030300020250', 'hex'), /speaks TLS, but KAFKA_TLS_ENABLED is not set/],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), /does not speak Kafka's protocol/],
])('%s where a broker was expected is known by its first bytes', async (_name, bytes, words) => {
  const port = await stranger(bytes);
  const failed = await connectKafka('127.0.0.1', port, access, new AbortController().signal).catch((error) => error);
  expect(troubleSentence(failed, context(`127.0.0.1:${port}`))).toMatch(words);
});

test('of several brokers the failure that came furthest is told, and all are named when none is reached', async () => {
  const life = new AbortController();
  const port = await stranger(Buffer.from('HTTP/1.1 400 Bad Request\r\n'));
  const gone = [await freePort(), await freePort()].map((free) => `127.0.0.1:${free}`);
  const tell = async (...brokers: string[]): Promise<string> => {
    const failed = await connectAny(brokers, access, life.signal).catch((error: unknown) => error);
    return troubleSentence(failed, context(brokers.join(', ')));
  };
  expect(await tell(`127.0.0.1:${port}`, ...gone)).toContain(`127.0.0.1:${port} does not speak`);
  expect(await tell(...gone)).toBe(`No answer from ${gone.join(', ')} (connection refused).`);
});

test('a broker that is reached elsewhere is dialled there, and told with both addresses', async () => {
  const broker = await frozenBroker({ answersVersions: true });
  const life = new AbortController();
  closing.push(() => life.abort());
  const addressMap = new Map([['broker.internal:9092', `127.0.0.1:${broker.port}`]]);
  const connection = await connectKafka('Broker.internal', 9092, { ...access, addressMap }, life.signal);
  expect(connection.address).toBe(`Broker.internal:9092 (reached at 127.0.0.1:${broker.port})`);
  expect(broker.dialled()).toBe(1);
});

test('two requests at once dial one socket', async () => {
  const broker = await frozenBroker({ answersVersions: true });
  const life = new AbortController();
  closing.push(() => life.abort());
  const connection = await connectKafka('127.0.0.1', broker.port, access, life.signal);
  const fetches = [0, 1].map(() => connection.send({ ...metadataRequest(12), apiKey: API_KEYS.fetch }));
  for (const fetching of fetches) fetching.catch(() => undefined);
  await until('the second socket', async () => broker.dialled() >= 2);
  life.abort();
  await Promise.allSettled(fetches);
  expect(broker.dialled()).toBe(2);
});
