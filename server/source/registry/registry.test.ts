import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { millis } from '../../model/time.ts';
import { MAX_ANSWER_BYTES } from './ask-registry.ts';
import { createRegistry, type Registry } from './create-registry.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (body: unknown, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' }).end(JSON.stringify(body));
  };
const NOT_FOUND = json({ error_code: 40403, message: 'Schema not found' }, 404);

describe('a registry', () => {
  const servers: Server[] = [];
  const registries: Registry[] = [];
  let now = 0;
  const asked: string[] = [];

  /** A server that answers each path as told, any other as an unknown route. */
  const serve = async (routes: Record<string, Answer>, prefix = ''): Promise<string> => {
    const server = createServer((request, response) => {
      asked.push(`${request.url}`);
      (routes[`${request.url}`.slice(prefix.length)] ?? json({ error_code: 404 }, 404))(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
  };
  const open = (urls: readonly string[], signIn: { username: string; password: string } | null = null) => {
    const registry = createRegistry({ urls, signIn, tls: {} }, { now: () => millis(now) });
    registries.push(registry);
    return registry;
  };
  afterEach(async () => {
    for (const registry of registries.splice(0)) registry.close();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    asked.length = 0;
    now = 0;
  });

  it('answers a schema by number or GUID, under a path if the address has one', async () => {
    const guid = '01020304-0506-0708-090a-0b0c0d0e0f10';
    const routes = {
      '/schemas/ids/7': json({ schema: '"string"' }),
      [`/schemas/guids/${guid}`]: json({ schema: 'x', schemaType: 'PROTOBUF', references: [] }),
    };
    const url = await serve(routes, '/apis/ccompat/v7');
    const registry = open([url.replace('http://', 'http://user:secret@')]);
    const schema = { registry: url, references: [] };
    expect(await registry.fetch(7)).toEqual({
      kind: 'found',
      schema: { ...schema, id: 7, type: 'AVRO', text: '"string"' },
    });
    expect(await registry.fetch(guid)).toEqual({
      kind: 'found',
      schema: { ...schema, id: guid, type: 'PROTOBUF', text: 'x' },
    });
  });

  it('says which subjects have a schema, where it knows', async () => {
    const subjects = [{ subject: 'orders-value', version: 2, deleted: false }];
    const schema = json({ schema: '"string"' });
    const url = await serve({
      '/schemas/ids/7': schema,
      '/schemas/ids/7/versions': json(subjects),
      '/schemas/ids/8': schema,
    });
    const registry = open([url]);
    const found = async (id: number) => {
      const answer = await registry.fetch(id);
      return answer.kind === 'found' ? answer.schema.subjects : answer.kind;
    };
    expect(await found(7)).toEqual([{ subject: 'orders-value', version: 2 }]);
    expect(await found(8)).toBeUndefined();
  });

  it('does without the subjects where that route does not answer, and is asked on', async () => {
    const schema = json({ schema: '"string"' });
    const url = await serve({
      ...{ '/schemas/ids/1': schema, '/schemas/ids/2': schema, '/schemas/ids/3': schema, '/schemas/ids/4': schema },
      '/schemas/ids/1/versions': (_request, response) => response.destroy(),
      '/schemas/ids/2/versions': (_request, response) => response.writeHead(500).end('<html>'),
      '/schemas/ids/3/versions': json([
        { subject: 'half \ud800', version: 1 },
        { subject: 'x', version: 1 },
      ]),
    });
    const registry = open([url]);
    for (const id of [1, 2, 4]) expect(await registry.fetch(id)).toMatchObject({ kind: 'found' });
    expect(await registry.fetch(3)).toMatchObject({ schema: { subjects: [{ subject: 'x', version: 1 }] } });
  });

  it('collects what a schema refers to, each once, what is needed first in front', async () => {
    const url = await serve({
      '/schemas/ids/1': json({
        schema: 'top',
        schemaType: 'PROTOBUF',
        references: [
          { name: 'a', subject: 'a/ä', version: 2 },
          { name: 'c', subject: 'c', version: 1 },
        ],
      }),
      '/subjects/a%2F%C3%A4/versions/2': json({ schema: 'A', references: [{ name: 'c', subject: 'c', version: 1 }] }),
      '/subjects/c/versions/1': json({ schema: 'C', references: [{ name: 'a', subject: 'a/ä', version: 2 }] }),
    });
    expect(await open([url]).fetch(1)).toMatchObject({
      schema: {
        references: [
          { name: 'c', text: 'C' },
          { name: 'a', text: 'A' },
        ],
      },
    });
    expect(asked).toHaveLength(4);
  });

  it('takes a schema whose default is an escaped NUL, as one of decimals has it', async () => {
    const text = '{"type":"record","name":"r","fields":[{"name":"d","type":"bytes","default":"\\u0000"}]}';
    const url = await serve({ '/schemas/ids/1': json({ schema: text }) });
    expect(await open([url]).fetch(1)).toMatchObject({ kind: 'found', schema: { text } });
  });

  it('counts the names of what a schema refers to among its characters', async () => {
    const name = 'n'.repeat(1_100_000);
    const reference = (subject: string) => json({ schema: 'x', references: [{ name, subject, version: 1 }] });
    const url = await serve({
      '/schemas/ids/1': reference('a'),
      '/subjects/a/versions/1': reference('b'),
      '/subjects/b/versions/1': json({ schema: 'x' }),
    });
    expect(await open([url]).fetch(1)).toMatchObject({ kind: 'unusable' });
  });

  it('knows nothing by an address whose certificates are no PEM', async () => {
    const access = { urls: ['https://127.0.0.1:1'], signIn: null, tls: { ca: 'no', cert: 'PEM', key: 'at all' } };
    const registry = createRegistry(access, { now: () => millis(now) });
    registries.push(registry);
    expect(await registry.fetch(1)).toEqual({ kind: 'unreachable' });
  });

  it('tells an unknown schema from an address that is none of a registry', async () => {
    const url = await serve({ '/schemas/ids/1': NOT_FOUND });
    const registry = open([url]);
    expect(await registry.fetch(1)).toEqual({ kind: 'unknown' });
    expect(await registry.fetch(2)).toEqual({ kind: 'unreachable' });
  });

  it.each([
    ['an error', json({ error_code: 50001 }, 500)],
    ['a refused sign-in', json({ error_code: 401 }, 401)],
    ['a page', ((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')) as Answer],
    ['a page that says 404', ((_, response) => response.writeHead(404).end('<html>nginx</html>')) as Answer],
    [
      'a redirect',
      ((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end('{}')) as Answer,
    ],
    ['a cut answer', ((_, response) => response.writeHead(200, { 'content-length': '99' }).destroy()) as Answer],
    ['other JSON', json({ hello: 1 })],
    ['a list', json([1])],
  ])('knows nothing by %s', async (_name, answer) => {
    expect(await open([await serve({ '/schemas/ids/1': answer })]).fetch(1)).toEqual({ kind: 'unreachable' });
  });

  it.each([
    ['of another type', json({ schema: 'x', schemaType: 'XML' })],
    ['with a NUL in it', json({ schema: 'a\u0000b' })],
    ['with half a character in it', json({ schema: 'a\ud800b' })],
    [
      'that refers to half a character',
      json({ schema: 'x', references: [{ name: 'n', subject: '\ud800', version: 1 }] }),
    ],
    ['that refers to a path', json({ schema: 'x', references: [{ name: 'n', subject: '..', version: 1 }] })],
    ['larger than we take', json({ schema: 'x'.repeat(2_000_001) })],
    ['in an answer without end', ((_, r) => r.end('x'.repeat(MAX_ANSWER_BYTES + 1))) as Answer],
    ['that refers to what is not there', json({ schema: 'x', references: [{ name: 'n', subject: 's', version: 1 }] })],
  ])('finds a schema unusable that is %s', async (_name, answer) => {
    expect(await open([await serve({ '/schemas/ids/1': answer })]).fetch(1)).toMatchObject({ kind: 'unusable' });
  });

  it('gives up on an address that does not answer, and asks the next one first from then on', async () => {
    const silent = await serve({ '/schemas/ids/1': () => {} });
    const good = await serve({ '/schemas/ids/1': json({ schema: '"int"' }) });
    const registry = open([silent, good]);
    expect(await registry.fetch(1)).toMatchObject({ kind: 'found', schema: { registry: silent } });
    const before = Date.now();
    expect(await registry.fetch(1)).toMatchObject({ kind: 'found' });
    expect(Date.now() - before).toBeLessThan(1000);
  });

  it('is not asked for a while after it failed, each time longer, until it answers again', async () => {
    let answer: Answer = json({}, 500);
    const url = await serve({ '/schemas/ids/1': (request, response) => answer(request, response) });
    const registry = open([url]);
    const askedAt: number[] = [];
    for (now = 0; now < 10_000; now += 500) {
      const before = asked.length;
      expect(await registry.fetch(1)).toEqual({ kind: 'unreachable' });
      if (asked.length > before) askedAt.push(now);
    }
    expect(askedAt).toEqual([0, 1000, 3000, 7000]);
    answer = json({ schema: '"int"' });
    now = 15_000;
    expect(await registry.fetch(1)).toMatchObject({ kind: 'found' });
  });

  it('signs in by the variables, or by what the address carries', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve({
      '/schemas/ids/1': (request, response) => {
        seen.push(request.headers.authorization);
        NOT_FOUND(request, response);
      },
    });
    await open([url], { username: 'u', password: 'p:q' }).fetch(1);
    await open([url.replace('http://', 'http://me:s%40x@')], { username: 'u', password: 'p' }).fetch(1);
    await open([url]).fetch(1);
    expect(seen).toEqual([basic('u:p:q'), basic('me:s@x'), undefined]);
  });
});

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}
