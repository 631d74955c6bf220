import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createLiveHub } from '../live/create-live-hub.ts';
import { framesInMemory, pulseAt } from '../live/live.test-support.ts';
import { millis } from '../model/time.ts';
import type { Problem, Pulse } from '../model/wire.ts';
import { BadCursorError, type GroupFilter, type Reads, type TraceName } from '../ports/reads.ts';
import { type ApiName, createApi } from './create-api.ts';
import { COMPONENTS } from './openapi/components.ts';

const NOW = '2026-03-01T12:00:00.000000Z';
const AS_OF = { as_of: NOW, coverage: { stored_share: 1, holes: 0, lower_bound: false } };
const SEARCHED = {
  records: '12',
  lag: '3',
  partitions: 1,
  undecodable: '0',
  uncorrelated: '0',
  expired: '0',
  unreadable_topics: [],
};

const WATCH = { sampled_at: NOW, resolution_s: 2, failure: null, failed: [], group_count: 0 };

/** Reads of an empty store; a test replaces what it is about. */
function emptyReads(change: Partial<Reads>): Reads {
  return {
    traces: async () => ({ ...AS_OF, traces: [], next_cursor: null, singles_folded: 0, searched: SEARCHED }),
    trace: async () => null,
    nearestIds: async () => ['near'],
    events: async () => ({ ...AS_OF, events: [], next_cursor: null }),
    event: async () => null,
    dialects: async () => ({ counts: new Map(), rules: { version: null, older: '0', older_unreachable: '0' } }),
    consumerGroups: async () => ({ ...AS_OF, groups: [], next_cursor: null, watch: WATCH }),
    coverage: async () => ({
      ...pulseAt(NOW),
      totals: {
        stored: '12',
        undecodable: '1',
        uncorrelated: '2',
        violating: '0',
        expired: '5',
        payload_expired: '6',
        damaged: '7',
        holes: [{ reason: 'retention', holes: 1, records: '8' }],
        topics: 1,
        partitions: 1,
        last_recorded_at: NOW,
      },
      range: { from: NOW, to: NOW },
      line: [],
    }),
    partitions: async () => ({ partitions: [], next_cursor: null }),
    pulse: async () => pulseAt(NOW),
    activity: async () => ({ ...AS_OF, from: NOW, to: NOW, step_s: 60, buckets: [] }),
    ...change,
  };
}

interface Setting {
  readonly reads?: Partial<Reads>;
  readonly trouble?: string;
  readonly reports?: unknown[];
}

/** Asks one resource, with the path below `/api/v1`. */
async function ask(name: ApiName, pathAndQuery: string, setting: Setting = {}, init: RequestInit = {}) {
  const reads = emptyReads(setting.reads ?? {});
  const clock = { now: () => millis(Date.parse(NOW)) };
  const api = createApi({
    reads,
    hub: createLiveHub({ frames: framesInMemory().reader, pulse: reads.pulse, clock }),
    clock,
    databaseTrouble: async () => setting.trouble ?? null,
    report: (error) => setting.reports?.push(error),
    version: '0',
  });
  return api(name, new Request(`http://localhost/api/v1${pathAndQuery}`, init));
}

const problemOf = async (answer: Response): Promise<Problem> => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return COMPONENTS.Problem.parse(await answer.json());
};

describe('a trace by its path', () => {
  const nameFor = async (tail: string): Promise<TraceName | undefined> => {
    let asked: TraceName | undefined;
    const trace: Reads['trace'] = async (name) => {
      asked = name;
      return null;
    };
    await ask('getTrace', `/traces/${tail}`, { reads: { trace } });
    return asked;
  };

  it.each([
    ['plain', 'plain'],
    ['a%2Fb', 'a/b'],
    ['a/b', 'a/b'],
    ['a%252Fb', 'a%2Fb'],
    ['..%2F..%2Fetc', '../../etc'],
    ['%3Cscript%3E', '<script>'],
    ['a%00b', 'a\0b'],
    ['a+b', 'a+b'],
    ['%E2%82%AC', '€'],
    ['key:123', 'key:123'],
  ])('%s is the id %j', async (tail, id) => expect(await nameFor(tail)).toEqual({ id }));

  it('may be its key', async () => {
    const hex = '0123456789ABCDEF0123456789abcdef';
    expect(await nameFor(`key:${hex}`)).toEqual({ key: '01234567-89ab-cdef-0123-456789abcdef' });
    expect(await nameFor(`key%3A${hex}`)).toEqual({ key: '01234567-89ab-cdef-0123-456789abcdef' });
  });

  it('that is unknown says what was searched and what is near', async () => {
    const answer = await ask('getTrace', '/traces/neat');
    expect(answer.status).toBe(404);
    expect(await problemOf(answer)).toMatchObject({ nearest: ['near'], searched: { records: '12', lag: '3' } });
  });

  it('that is no UTF-8 is refused', async () => {
    expect((await ask('getTrace', '/traces/%ff')).status).toBe(400);
  });
});

describe('an event by its path', () => {
  it.each(['c/t~1/0/9223372036854775808', 'c/t~1/2147483648/0', 'c/t/0/1', 'c/t~1/0/-1', 'c%00/t~1/0/1', 'x'])(
    '%s is refused before the store is asked',
    async (id) => expect((await ask('getEvent', `/events/${id}`)).status).toBe(400),
  );

  it('that is not stored is 404', async () => {
    const answer = await ask('getEvent', '/events/c/t~1/0/9223372036854775807');
    expect(answer.status).toBe(404);
    await problemOf(answer);
  });
});

describe('consumer groups', () => {
  it('are asked for by topic, page and detail', async () => {
    let asked: GroupFilter | undefined;
    const consumerGroups: Reads['consumerGroups'] = async (filter) => {
      asked = filter;
      return emptyReads({}).consumerGroups(filter);
    };
    const answer = await ask('listConsumerGroups', '/consumer-groups?topic=a&include=partitions&limit=7&cursor=x', {
      reads: { consumerGroups },
    });
    COMPONENTS.ConsumerGroupList.parse(await answer.json());
    expect(asked).toEqual({ topic: 'a', includePartitions: true, limit: 7, cursor: 'x' });
    await ask('listConsumerGroups', '/consumer-groups', { reads: { consumerGroups } });
    expect(asked).toEqual({ includePartitions: false, limit: 50 });
  });

  it('refuse what they do not know', async () => {
    const answer = await ask('listConsumerGroups', '/consumer-groups?topics=a');
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).errors?.[0]?.reason).toContain('did you mean topic?');
  });
});

describe('trouble', () => {
  const failing = (error: unknown): Partial<Reads> => ({ traces: () => Promise.reject(error) });

  it('with the database is 503 with a plain sentence', async () => {
    const setting = {
      reads: failing(new Error('Connection terminated')),
      trouble: 'PostgreSQL at h:1 does not answer.',
    };
    const answer = await ask('listTraces', '/traces', setting);
    expect(answer.status).toBe(503);
    expect((await problemOf(answer)).detail).toBe('PostgreSQL at h:1 does not answer.');
  });

  it('that nobody foresaw is 500, told to the log and not to the client', async () => {
    const reports: unknown[] = [];
    const error = new Error('secret at /home/ada/file.ts:12');
    const answer = await ask('listTraces', '/traces', { reads: failing(error), reports });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(await problemOf(answer))).not.toMatch(/secret|file\.ts/);
    expect(reports).toEqual([error]);
  });

  it('with a cursor is the client’s', async () => {
    const answer = await ask('listTraces', '/traces?cursor=x', { reads: failing(new BadCursorError()) });
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).errors?.[0]?.name).toBe('cursor');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is not offered', async (method) => {
    const answer = await ask('listTraces', '/traces', {}, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    await problemOf(answer);
  });
});

describe('health', () => {
  const healthFor = async (setting: Setting) => {
    const answer = await ask('getHealth', '/health', setting);
    const health = COMPONENTS.Health.parse(await answer.json());
    return [
      answer.status,
      health.status,
      ...health.checks.filter((check) => check.status !== 'ok').map((one) => one.name),
    ];
  };
  const withPulse = (change: (pulse: Pulse) => Pulse): Setting => ({
    reads: { pulse: async () => change({ ...pulseAt(NOW), tap: { ...pulseAt(NOW).tap, up: 1 } }) },
  });

  it('is ok', async () => expect(await healthFor(withPulse((pulse) => pulse))).toEqual([200, 'ok']));

  it('is degraded without a tap', async () => {
    const silent = withPulse((pulse) => ({ ...pulse, tap: { ...pulse.tap, up: 0, connected: false, message: null } }));
    expect(await healthFor(silent)).toEqual([200, 'degraded', 'tap', 'kafka']);
  });

  it('is degraded without Kafka', async () => {
    const lost = withPulse((pulse) => ({
      ...pulse,
      tap: { ...pulse.tap, connected: false, message: 'k:9092 is away' },
    }));
    expect(await healthFor(lost)).toEqual([200, 'degraded', 'kafka']);
  });

  it('is degraded when settle is late, not when nothing waits', async () => {
    const to = '2026-03-01T11:00:00.000000Z';
    expect(await healthFor(withPulse((pulse) => ({ ...pulse, settled: { to, waiting: 4 } })))).toEqual([
      200,
      'degraded',
      'settle',
    ]);
    expect(await healthFor(withPulse((pulse) => ({ ...pulse, settled: { to, waiting: 0 } })))).toEqual([200, 'ok']);
  });

  it('is down without the database', async () => {
    expect(await healthFor({ trouble: 'away' })).toEqual([503, 'down', 'database', 'tap', 'kafka', 'settle']);
    const refused: Partial<Reads> = { pulse: () => Promise.reject(new Error('no such table')) };
    expect((await healthFor({ reads: refused }))[1]).toBe('down');
  });
});

describe('metrics', () => {
  it('are text that a label cannot break', async () => {
    const topic = 'a"\\\nthroughline_up 1';
    const partitions: Reads['partitions'] = async () => ({
      next_cursor: null,
      partitions: [
        {
          ...{ topic, n: 1, partition: 0, stored: [], low: '0', high: '9', next: '5', lag: '4', lag_s: 1 },
          ...{ last_recorded_at: null, gone: false, holes: [], holes_omitted: 0, damaged: [] },
        },
      ],
    });
    const text = await (await ask('getMetrics', '/metrics', { reads: { partitions } })).text();
    expect(text).toContain('throughline_stored_records 12\n');
    expect(text).toContain('throughline_hole_records{reason="retention"} 8\n');
    expect(text).toContain(
      'throughline_partition_lag_records{topic="a\\"\\\\\\nthroughline_up 1",n="1",partition="0"} 4\n',
    );
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|throughline_\w+(\{.*\})? \S+)$/);
  });

  it('say that the database is away', async () => {
    const coverage: Reads['coverage'] = () => Promise.reject(new Error('away'));
    const answer = await ask('getMetrics', '/metrics', { reads: { coverage }, trouble: 'away' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('throughline_database_up 0\n');
  });
});

describe('coverage', () => {
  it('has the sums with a page of partitions, or alone', async () => {
    const asked: unknown[] = [];
    const partitions: Reads['partitions'] = async (filter) => {
      asked.push(filter);
      return { partitions: [], next_cursor: null };
    };
    const answer = await ask('getCoverage', '/coverage', { reads: { partitions } });
    expect(COMPONENTS.Coverage.parse(await answer.json()).totals).toMatchObject({ expired: '5', damaged: '7' });
    await ask('getCoverage', '/coverage?limit=0&topic=a&has=holes', { reads: { partitions } });
    expect(asked).toEqual([
      { withHoles: false, limit: 1000 },
      { withHoles: true, limit: 0, topic: 'a' },
    ]);
    expect((await ask('getCoverage', '/coverage?limit=1001')).status).toBe(400);
  });
});

describe('the live stream', () => {
  it('begins with the pause before a return and a pulse, and ends when its reader leaves', async () => {
    const leaving = new AbortController();
    const answer = await ask('getLive', '/live', {}, { signal: leaving.signal });
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('retry: 1000\n\n');
    const event = (await reader?.read())?.value ?? '';
    expect(event).toMatch(/^id: 0\ndata: \{.*\}\n\n$/);
    COMPONENTS.Frame.parse(JSON.parse(event.split('data: ')[1] ?? ''));
    leaving.abort();
    expect((await reader?.read())?.done).toBe(true);
  });

  it('refuses an id that is none, but lets a browser with a foreign one fetch anew', async () => {
    expect((await ask('getLive', '/live?last_event_id=x')).status).toBe(400);
    const answer = await ask('getLive', '/live', {}, { headers: { 'last-event-id': 'x' } });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    expect((await reader?.read())?.value).toContain('"kind":"reset"');
    await reader?.cancel();
  });
});

describe('openapi.json', () => {
  const document = async () => (await ask('getOpenapi', '/openapi.json')).json();

  it('describes each route of the application, and nothing else', async () => {
    const folder = path.join(import.meta.dirname, '../../app/api/v1');
    const routes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => path.basename(file) === 'route.ts')
      .map((file) => `/${path.dirname(file)}`)
      .filter((route) => !route.startsWith('/[['));
    const { paths } = await document();
    const described = Object.keys(paths).map((route) => route.replace(/\{.*\}$/, '[]'));
    expect(described.sort()).toEqual(routes.map((route) => route.replace(/\[.*\]$/, '[]')).sort());
  });

  it('is OpenAPI 3.1 with path parameters declared and every reference resolved', async () => {
    const whole = await document();
    expect(whole.openapi).toMatch(/^3\.1\.\d+$/);
    const text = JSON.stringify(whole);
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(whole.components.schemas).toHaveProperty(name);
    }
    expect(text).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/\w+")/);
    for (const [route, item] of Object.entries<{ get: { parameters: { name: string; in: string }[] } }>(whole.paths)) {
      const inPath = item.get.parameters.filter((one) => one.in === 'path').map((one) => one.name);
      expect(inPath).toEqual([...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    }
  });

  it('has schemas that tell a right answer from a wrong one', async () => {
    const { components } = await document();
    const inlined = JSON.parse(JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/'));
    const health = z.fromJSONSchema({ ...inlined.Health, $defs: inlined });
    expect(health.safeParse({ status: 'ok', version: '1', backfill: null, checks: [] }).success).toBe(true);
    expect(health.safeParse({ status: 'fine', version: '1', backfill: null, checks: [] }).success).toBe(false);
  });

  it('describes limits as numbers', async () => {
    const { paths } = await document();
    const limit = paths['/traces'].get.parameters.find((one: { name: string }) => one.name === 'limit');
    expect(limit.schema).toEqual({ type: 'integer', minimum: 1, maximum: 200 });
  });
});

describe('any other path', () => {
  it('is a problem that points to the description', async () => {
    const answer = await ask('unknownPath', '/nothing/here');
    expect(answer.status).toBe(404);
    expect((await problemOf(answer)).detail).toContain('openapi.json');
  });
});
