import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { COMPONENTS, type ComponentName } from '../api/openapi/components.ts';
import { RESOURCES } from '../api/resources.ts';
import { projectRoot } from '../config/project-root.ts';
import { traceKey, traceKeyToHex } from '../model/trace-key.ts';
import type { TraceList } from '../model/wire.ts';
import { freePort } from '../runtime/supervise/free-ports.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store/store.test-support.ts';
import { endLeftovers, type RunningWeb, raw, startWeb } from './web.test-support.ts';

/** Ids that a path must carry unharmed, or that must at least be reachable by `correlation_id=` and `key:`. */
const IDS = [
  'plain',
  'a/b',
  'a//b',
  'a/../b',
  '..',
  '.',
  '%2F',
  'a%b',
  '<script>alert(1)</script>',
  'key:nothex',
  'a b+c',
  '€',
  '/',
  'end/',
];
/** What URL rules remove from any path, encoded or not. */
const LOST_IN_A_PATH = new Set(['.', '..']);

let store: TestStore;
let web: RunningWeb;

beforeAll(async () => {
  store = await openStore();
  const topic = await store.topic('orders');
  const events = [...IDS, 'two', 'two'].map((correlation, index) =>
    eventOf(topic, BigInt(index), {
      correlation,
      id: `e-${index}`,
      type: index % 2 === 0 ? 'order.placed' : '<img src=x onerror=alert(1)>',
    }),
  );
  await store.ingest.storeBatch(
    batchOf(topic, [...events, eventOf(topic, BigInt(events.length), { correlation: null })]),
  );
  await store.settleAll();
  web = await startWeb(store.database.url);
});

afterAll(async () => {
  await web?.end();
  endLeftovers();
  await store?.close();
});

const root = projectRoot();
const json = async (pathAndQuery: string) => (await fetch(`${web.url}${pathAndQuery}`)).json();

/** Every path there is: pages by their files, resources of the API, built files, and paths nobody made. */
function everyPath(): string[] {
  const app = readdirSync(path.join(root, 'app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${path.dirname(file)}`.replace(/\/\.$/, '/').replace(/\[\[?\.{0,3}\w+\]?\]/g, 'x'));
  const api = Object.keys(RESOURCES).map(pathOf);
  const statics = path.join(root, '.next/static');
  const files = readdirSync(statics, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|css)$/.test(file));
  return [
    ...app,
    ...api,
    '/icon.svg',
    ...files.slice(0, 2).map((file) => `/_next/static/${file}`),
    '/nope',
    '/api',
    '/api/v1',
    '/api/v2/x',
    '/_next/image',
  ];
}

const PATHS = everyPath();

/** The path of a resource with something in the place of its parameters. */
function pathOf(resource: string): string {
  return `/api/v1${resource.replace(/\{.*\}/, 'x')}`;
}

describe('the closed door', () => {
  it('knows all pages and routes', () => {
    expect(PATHS).toEqual(expect.arrayContaining(['/', '/traces', '/traces/x', '/api/v1/live', '/api/v1/traces/x']));
    expect(PATHS.some((one) => one.startsWith('/_next/static/'))).toBe(true);
  });

  it.each(PATHS)('%s is shut to a foreign Host, by whatever method', async (target) => {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']) {
      const answer = await raw(web.port, `${method} ${target}`, ['Host: rebound.example:3000']);
      expect(answer.status, method).toBe(421);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it.each(PATHS)('%s takes no write from another origin, and none that is not JSON', async (target) => {
    const body = ['Content-Length: 0'];
    const jsonType = 'Content-Type: application/json';
    const ownOrigin = `Origin: ${web.url}`;
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const line = `${method} ${target}`;
      expect((await raw(web.port, line, [...body, jsonType, 'Origin: http://evil.example'])).status, line).toBe(403);
      expect((await raw(web.port, line, [...body, jsonType])).status, line).toBe(403);
      expect(
        (await raw(web.port, line, [...body, jsonType, ownOrigin, 'Sec-Fetch-Site: cross-site'])).status,
        line,
      ).toBe(403);
      expect((await raw(web.port, line, [...body, 'Content-Type: text/plain', ownOrigin])).status, line).toBe(403);
    }
  });

  it.each(PATHS)('%s answers its own pages with the security headers', async (target) => {
    const { status, headers } = await raw(web.port, `HEAD ${target}`);
    expect(status).not.toBe(421);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  const OWN_WRITE = ['Content-Length: 0', 'Content-Type: application/json'];

  it.each(Object.entries(RESOURCES).map(([resource, methods]) => [pathOf(resource), Object.keys(methods)] as const))(
    '%s takes of its own pages %s alone, and reads what a write holds',
    async (target, methods) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await raw(web.port, `${method} ${target}`, [...OWN_WRITE, `Origin: ${web.url}`]);
        if (methods.includes(method)) expect([400, 404], method).toContain(answer.status);
        else {
          const offered = methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each]));
          expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, offered.join(', ')]);
        }
      }
    },
  );

  it.each([
    ['an absolute address', 'GET http://evil.example/', 400],
    ['a broken escape', 'GET /traces/%zz', 400],
    ['a long address', `GET /${'a'.repeat(17_000)}`, 414],
    ['headers without end', 'GET /', 431],
  ])('%s is refused', async (what, line, status) => {
    const headers = what === 'headers without end' ? [`X-Long: ${'a'.repeat(33_000)}`] : [];
    expect((await raw(web.port, line, headers)).status).toBe(status);
  });

  it('upgrades nothing', async () => {
    const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='];
    const target = 'GET /_next/webpack-hmr';
    expect((await raw(web.port, target, ['Host: evil.example', ...upgrade])).status).toBe(421);
    expect((await raw(web.port, target, ['Origin: http://evil.example', ...upgrade])).status).toBe(403);
    expect((await raw(web.port, target, [`Origin: ${web.url}`, ...upgrade])).status).toBe(404);
  });

  it('lets no script run that is not the page’s own', async () => {
    for (const page of ['/', '/traces', '/traces/%3Cscript%3Ealert(1)%3C%2Fscript%3E', '/nope']) {
      const answer = await fetch(`${web.url}${page}`, {
        headers: { 'content-security-policy': "script-src 'nonce-mine'" },
      });
      const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
      const scripts = [...(await answer.text()).matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
      expect(scripts.length, page).toBeGreaterThan(0);
      for (const tag of scripts) expect(tag, page).toContain(`nonce="${nonce}"`);
      expect(nonce).not.toBe('mine');
    }
  });
});

describe('ids of strangers', () => {
  it.each(IDS.filter((id) => !LOST_IN_A_PATH.has(id)))('%j is found by its path', async (id) => {
    const answer = await raw(web.port, `GET /api/v1/traces/${encodeURIComponent(id)}`);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body).correlation_id).toBe(id);
  });

  it.each(IDS)('%j is found by correlation_id, and by its key', async (id) => {
    const list: TraceList = await json(`/api/v1/traces?correlation_id=${encodeURIComponent(id)}`);
    expect(list.traces.map((trace) => trace.correlation_id)).toEqual([id]);
    const key = traceKeyToHex(traceKey(1, 'correlation', id));
    expect((await json(`/api/v1/traces/key:${key}`)).correlation_id).toBe(id);
  });

  it.each(['/api/v1/traces/%2e%2e', '/api/v1/traces/..', '/api/v1/traces/%2e%2e/%2e%2e/%2e%2e/etc/passwd'])(
    '%s harms nothing',
    async (target) => {
      const { status, body } = await raw(web.port, `GET ${target}`);
      expect([200, 307, 308, 400, 404]).toContain(status);
      expect(body).not.toContain('root:');
    },
  );
});

describe('answers', () => {
  /** Every property is one the description names: parsing strips what it does not know. */
  const holds = (name: ComponentName, answer: unknown): void => {
    const schema: z.ZodType = COMPONENTS[name];
    expect(schema.parse(answer)).toEqual(answer);
  };

  it.each<[ComponentName, string]>([
    ['TraceList', '/api/v1/traces?include=line&singles=all'],
    ['TraceList', '/api/v1/traces?q=nothing-like-it'],
    ['TraceDetail', '/api/v1/traces/two?include=payload'],
    ['EventList', '/api/v1/events'],
    ['EventList', '/api/v1/events?has=uncorrelated&clock=stored'],
    ['EventDetail', '/api/v1/events/test/orders~1/0/1'],
    ['ConsumerGroupList', '/api/v1/consumer-groups?include=partitions'],
    ['Coverage', '/api/v1/coverage'],
    ['Activity', '/api/v1/activity?from=2026-03-01T11:00:00Z&to=2026-03-01T13:00:00Z'],
    ['Health', '/api/v1/health'],
    ['Problem', '/api/v1/traces/nothing'],
    ['Problem', '/api/v1/events/test/orders~1/0/9999'],
    ['Problem', '/api/v1/traces?limt=1'],
    ['Problem', '/api/v1/nope'],
  ])('are a %s at %s', async (name, target) => holds(name, await json(target)));

  it('begin a stream with frames, uncompressed', async () => {
    const leaving = new AbortController();
    const headers = { 'accept-encoding': 'gzip' };
    const answer = await fetch(`${web.url}/api/v1/live`, { headers, signal: leaving.signal });
    expect(answer.headers.get('content-encoding')).toBeNull();
    let text = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes('data: ') && text.endsWith('\n\n')) break;
    }
    leaving.abort();
    holds('Frame', JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? ''));
  });

  it('page through a list without loss or repeat', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: TraceList = await json(`/api/v1/traces?singles=all&limit=3&cursor=${encodeURIComponent(cursor)}`);
      seen.push(...page.traces.map((trace) => trace.correlation_id));
      cursor = page.next_cursor;
    }
    expect(seen.sort()).toEqual([...IDS, 'two'].sort());
  });
});

describe('the process', () => {
  it('ends in time with streams and idle connections open', async () => {
    const second = await startWeb(store.database.url);
    const streams = await Promise.all([1, 2, 3].map(() => fetch(`${second.url}/api/v1/live`)));
    const ends = streams.map((stream) => stream.text().catch(() => ''));
    await fetch(`${second.url}/api/v1/health`);
    const { code, signal } = await second.end();
    expect([code, signal]).toEqual([0, null]);
    for (const text of await Promise.all(ends)) expect(text).toContain('retry: 1000');
  });

  it('says in one line that its port is in use', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    const second = await startWeb(store.database.url, port);
    other.close();
    expect(second.output()).toContain(
      `Port ${port} is in use. Stop what listens there, or choose another: PORT=${port + 1}.\n`,
    );
    expect(second.output()).not.toMatch(/\n\s+at /);
    expect((await second.end()).code).toBe(1);
  });

  it('answers while the database is away: plainly, without secrets, and with its pages', async () => {
    const dead = await freePort();
    const second = await startWeb(`postgres://ada:hunter2@127.0.0.1:${dead}/x`);
    const health = await fetch(`${second.url}/api/v1/health`);
    const traces = await fetch(`${second.url}/api/v1/traces`);
    const texts = [await health.text(), await traces.text(), await (await fetch(`${second.url}/`)).text()];
    expect([health.status, traces.status]).toEqual([503, 503]);
    expect(texts[1]).toContain(`PostgreSQL at 127.0.0.1:${dead} does not answer (ECONNREFUSED)`);
    for (const text of [...texts, second.output()]) expect(text).not.toMatch(/hunter2|\n\s+at /);
    expect((await second.end()).code).toBe(0);
  });
});
