import { describe, expect, it } from 'vitest';
import { type DoorRequest, door, MAX_BODY, MAX_URL } from './door.ts';

const config = { port: 3000, allowedHosts: ['Watch.example.org'] };
const own = { host: ['127.0.0.1:3000'] };
const write: DoorRequest = {
  method: 'POST',
  url: '/api/v1/silences',
  headers: {
    ...own,
    origin: ['http://127.0.0.1:3000'],
    'sec-fetch-site': ['same-origin'],
    'content-type': ['application/json; charset=utf-8'],
    'content-length': ['2'],
  },
};

function status(request: Partial<DoorRequest>): number | null {
  return door({ method: 'GET', url: '/', headers: own, ...request }, config)?.status ?? null;
}

/** The write with some headers replaced; an empty list takes one away. */
function writeStatus(headers: Record<string, string[]>): number | null {
  return status({ ...write, headers: { ...write.headers, ...headers } });
}

describe('Host', () => {
  it.each([
    '127.0.0.1:3000',
    'localhost:3000',
    'LOCALHOST:3000',
    '[::1]:3000',
    'watch.example.org',
    'watch.example.org:443',
  ])('%s may come in', (host) => expect(status({ headers: { host: [host] } })).toBeNull());

  it.each([
    'evil.example',
    '127.0.0.1',
    '127.0.0.1:3001',
    'localhost.:3000',
    'localhost:3000.evil.example',
    '127.0.0.1:3000@evil.example',
    'watch.example.org.evil.example',
    'xwatch.example.org',
    '',
  ])('%j stays out', (host) => expect(status({ headers: { host: [host] } })).toBe(421));

  it('stays out when it is missing or there are two', () => {
    expect(status({ headers: {} })).toBe(421);
    expect(status({ headers: { host: ['localhost:3000', 'evil.example'] } })).toBe(421);
  });

  it('needs no port on port 80', () => {
    const request = { method: 'GET', url: '/', headers: { host: ['localhost'] } };
    expect(door(request, { port: 80, allowedHosts: [] })).toBeNull();
  });
});

describe('address', () => {
  it.each(['http://evil.example/', '*', 'evil', '/%zz', '/a\\b'])('%s is refused', (url) =>
    expect(status({ url })).toBe(400),
  );

  it('of 16 KB passes, of more does not', () => {
    expect(status({ url: `/${'a'.repeat(MAX_URL - 1)}` })).toBeNull();
    expect(status({ url: `/${'a'.repeat(MAX_URL)}` })).toBe(414);
  });

  it.each(['/traces/a%2Fb', '/traces/%2e%2e', '/traces/..', '/?q=%zz', '//x'])('%s passes', (url) =>
    expect(status({ url })).toBeNull(),
  );
});

describe('reads', () => {
  it('of pages may be links from elsewhere, of the API not scripts', () => {
    const foreign = { ...own, 'sec-fetch-site': ['cross-site'] };
    expect(status({ headers: { ...foreign, 'sec-fetch-mode': ['navigate'] } })).toBeNull();
    expect(status({ url: '/api/v1/live', headers: { ...foreign, 'sec-fetch-mode': ['cors'] } })).toBe(403);
    expect(status({ url: '/api/v1/traces', headers: { ...own, 'sec-fetch-site': ['same-site'] } })).toBe(403);
    expect(status({ url: '/api/v1/traces', headers: { ...own, 'sec-fetch-site': ['same-origin'] } })).toBeNull();
  });
});

describe('writes', () => {
  it('as JSON of the own origin pass', () => {
    expect(status(write)).toBeNull();
    expect(writeStatus({ 'sec-fetch-site': [] })).toBeNull();
    expect(writeStatus({ origin: ['https://127.0.0.1:3000'] })).toBeNull();
  });

  it.each<[string, Record<string, string[]>, number]>([
    ['another origin', { origin: ['http://evil.example'] }, 403],
    ['no origin', { origin: [] }, 403],
    ['an opaque origin', { origin: ['null'] }, 403],
    ['another port', { origin: ['http://127.0.0.1:3001'] }, 403],
    ['two origins', { origin: ['http://127.0.0.1:3000', 'http://evil.example'] }, 403],
    ['a cross-site request', { 'sec-fetch-site': ['cross-site'] }, 403],
    ['a same-site request', { 'sec-fetch-site': ['same-site'] }, 403],
    ['two words on its site', { 'sec-fetch-site': ['same-origin', 'cross-site'] }, 403],
    ['a form', { 'content-type': ['application/x-www-form-urlencoded'] }, 403],
    ['text', { 'content-type': ['text/plain; application/json'] }, 403],
    ['no type', { 'content-type': [] }, 403],
    ['no length', { 'content-length': [] }, 411],
    ['a body over the limit', { 'content-length': [String(MAX_BODY + 1)] }, 413],
  ])('with %s are refused', (_what, headers, expected) => expect(writeStatus(headers)).toBe(expected));

  it.each(['PUT', 'PATCH', 'DELETE'])('by %s are held to the same', (method) => {
    expect(status({ ...write, method })).toBeNull();
    expect(status({ ...write, method, headers: own })).toBe(403);
  });

  it.each(['TRACE', 'CONNECT', 'PROPFIND', 'get'])('by %s are not offered', (method) => {
    expect(status({ ...write, method })).toBe(405);
  });
});
