import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventDetail, EventList, EventSummary } from '../../model/wire.ts';
import { type Folder, makeFolder, order, orderSchema } from './check.test-support.ts';
import type { Fetch } from './fetch-events.ts';

let folder: Folder;
beforeAll(() => {
  folder = makeFolder();
  const amount = { amount: { type: 'integer', minimum: 0 } };
  folder.write('stored/paid/v1.json', orderSchema('1.0.0', { properties: amount, required: ['amount'] }));
  folder.write('stored/paid/v2.json', orderSchema('2.0.0', { properties: amount }));
  folder.write('same.json', orderSchema('1.0.1', { properties: amount, required: ['amount'] }));
  folder.write(
    'wider.json',
    orderSchema('1.1.0', { properties: { amount: { type: 'number' } }, required: ['amount'] }),
  );
  folder.write(
    'narrower.json',
    orderSchema('1.1.0', { properties: { ...amount, currency: { type: 'string' } }, required: ['amount', 'currency'] }),
  );
});
afterAll(() => folder.remove());

const STORED = ['--schemas', 'stored'];

describe('a new version', () => {
  test('is compared with the known one that it follows', async () => {
    const { compatibility, exit_code } = await folder.check([...STORED, '--schema', 'same.json']);
    expect(compatibility).toMatchObject({
      schema: { file: 'same.json', version: '1.0.1' },
      against: { file: 'stored/paid/v1.json', version: '1.0.0', origin: 'operator' },
      backward: { verdict: 'yes', example: null },
      forward: { verdict: 'yes', example: null },
      changes: [],
    });
    expect(exit_code).toBe(0);
  });

  test('that refuses old events is not compatible, with an event that shows it', async () => {
    const { compatibility, exit_code } = await folder.check([...STORED, '--schema', 'narrower.json']);
    expect(compatibility?.backward.verdict).toBe('no');
    expect(JSON.parse(compatibility?.backward.example ?? '')).not.toHaveProperty('currency');
    expect(compatibility?.changes).toEqual([
      expect.objectContaining({ path: '/currency', kind: 'required field added', breaks: 'backward' }),
    ]);
    expect(exit_code).toBe(1);
  });

  test.each([
    ['backward', 'wider.json', 0],
    ['forward', 'wider.json', 1],
    ['full', 'wider.json', 1],
    ['none', 'wider.json', 0],
    ['backward', 'narrower.json', 1],
    ['forward', 'narrower.json', 0],
    ['full', 'narrower.json', 1],
    ['none', 'narrower.json', 0],
  ])('asked to be compatible %s: %s ends with %i', async (compatibility, file, code) => {
    const report = await folder.check([...STORED, '--schema', file, '--compatibility', compatibility]);
    expect(report.exit_code).toBe(code);
  });

  test('does not pass where nothing is proven, unless that is allowed', async () => {
    folder.write('before.json', orderSchema('1.0.0', { properties: { at: { type: 'string', format: 'uri' } } }));
    folder.write('after.json', orderSchema('1.1.0', { properties: { at: { type: 'string', format: 'iri' } } }));
    const args = ['--schema', 'after.json', '--against', 'before.json'];
    const report = await folder.check(args);
    expect(report).toMatchObject({ exit_code: 1, compatibility: { backward: { verdict: 'unknown', example: null } } });
    expect(report.compatibility?.reasons.length).toBeGreaterThan(0);
    expect(await folder.check([...args, '--allow-unknown'])).toMatchObject({ exit_code: 0 });
  });

  test('in the folder of the stored ones is not compared with itself', async () => {
    const { compatibility } = await folder.check([...STORED, '--schema', 'stored/paid/v2.json']);
    expect(compatibility?.against?.file).toBe('stored/paid/v1.json');
  });

  test('of events that no known schema is for needs to be told what it follows', async () => {
    folder.write('new.json', orderSchema('1.0.0', {}, { event_types: ['shop.order.packed'] }));
    expect(await folder.check([...STORED, '--schema', 'new.json'])).toMatchObject({
      exit_code: 2,
      problems: [{ file: 'new.json', reason: expect.stringContaining('--against') }],
    });
    expect(await folder.check(['--schema', 'new.json', '--compatibility', 'none'])).toMatchObject({ exit_code: 0 });
  });

  test('of another part of the event is not compared', async () => {
    folder.write('part.json', orderSchema('1.1.0', {}, { at: '/payload' }));
    const { compatibility, exit_code } = await folder.check([...STORED, '--schema', 'part.json']);
    expect([compatibility?.reasons, exit_code]).toEqual([['other part of the event'], 1]);
  });

  test('that is broken is named with its line, and so is the one before', async () => {
    folder.write('torn.json', '{\n"type": "objekt"\n}');
    for (const args of [
      ['--schema', 'torn.json'],
      ['--schema', 'same.json', '--against', 'torn.json'],
    ]) {
      const report = await folder.check(args);
      expect(report.schemas.broken).toEqual([{ file: 'torn.json', line: 2, reason: expect.any(String) }]);
      expect(report.exit_code).toBe(2);
    }
  });
});

describe('events of its type', () => {
  const events = [
    order({ amount: 1, currency: 'EUR' }),
    order({ amount: 2, schema_version: '1.0.0' }),
    order({ event_type: 'shop.order.packed' }),
  ];

  test('are held against the new version, whatever version they state; others are passed over', async () => {
    folder.write('events.ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const args = [...STORED, '--schema', 'narrower.json', '--compatibility', 'none', 'events.ndjson'];
    const report = await folder.check(args);
    expect(report.counts).toMatchObject({ events: 3, ok: 1, violation: 1, other_type: 1 });
    expect(report.failures).toMatchObject([{ place: { line: 2 }, errors: [{ path: '/currency', rule: 'required' }] }]);
    expect(report.exit_code).toBe(1);
  });

  test('are asked of a running Throughline, the newest of each type', async () => {
    const asked: string[] = [];
    const report = await folder.check(
      [...STORED, '--schema', 'narrower.json', '--url', 'http://127.0.0.1:3000/traces?secret=1', '--last', '5'],
      { fetch: server(events, asked) },
    );
    expect(asked[0]).toBe('/api/v1/events?type=shop.order.paid&clock=stored&limit=5');
    expect(asked).toContain('/api/v1/events/c/shop%20orders~1/0/1');
    expect(report.counts).toMatchObject({ events: 3, ok: 1, violation: 1, unchecked: 1 });
    expect(report.unchecked[0]?.why).toBe('it is not stored any more');
    expect(JSON.stringify(report)).not.toContain('secret');
  });

  test.each([
    [
      'does not answer',
      () =>
        Promise.reject(
          Object.assign(new TypeError('fetch failed'), {
            cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
          }),
        ),
      'it does not answer (ECONNREFUSED)',
    ],
    ['is another one', async () => new Response('<html>'), 'it answers, and not like a Throughline'],
    ['refuses', async () => new Response('', { status: 403 }), 'it answers with status 403'],
    ['never ends', async () => new Response(Buffer.alloc(5 * 2 ** 20)), 'its answer is too long'],
  ] satisfies [string, Fetch, string][])('of a server that %s are a problem', async (_what, fetch, reason) => {
    const report = await folder.check([...STORED, '--schema', 'same.json', '--url', 'http://127.0.0.1:3000'], {
      fetch,
    });
    expect(report.problems).toEqual([{ file: 'http://127.0.0.1:3000', line: 1, reason }]);
    expect(report.exit_code).toBe(2);
  });
});

/** Answers like our API, with the first two events, and one that has been dropped meanwhile. It turns pages without end. */
function server(events: readonly object[], asked: string[]): Fetch {
  return async (address) => {
    const { pathname, search } = new URL(String(address));
    asked.push(pathname + search);
    if (pathname === '/api/v1/events') {
      const isAsked = search.includes('type=shop.order.paid&') && !search.includes('cursor');
      const ids = isAsked ? [0, 1, 9].map((offset) => `c/shop orders~1/0/${offset}`) : [];
      const list = { events: ids.map((id) => ({ id })), next_cursor: 'more' };
      return Response.json(list satisfies { events: Pick<EventSummary, 'id'>[] } & Pick<EventList, 'next_cursor'>);
    }
    const event = events[Number(pathname.at(-1))];
    if (event === undefined) return Response.json({}, { status: 404 });
    const text = JSON.stringify(event);
    const payload = { encoding: 'json' as const, text, bytes: text.length, truncated: false };
    const detail = { topic: 'orders', headers: [], payload, payload_missing: null };
    return Response.json(detail satisfies Pick<EventDetail, 'topic' | 'headers' | 'payload' | 'payload_missing'>);
  };
}
