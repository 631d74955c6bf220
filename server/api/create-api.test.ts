import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createLiveHub } from '../live/create-live-hub.ts';
import { framesInMemory, pulseAt } from '../live/live.test-support.ts';
import type { DeadLetterDetail } from '../model/dead-letter-detail-wire.ts';
import type { DeadLetterQueueDetail, DeadLetterQueues } from '../model/dead-letter-wire.ts';
import type { Explanation } from '../model/dialect-wire.ts';
import type { JobWire } from '../model/job-wire.ts';
import { millis } from '../model/time.ts';
import type { SchemaName, SchemaSays } from '../model/violation-wire.ts';
import type { Problem, Pulse } from '../model/wire.ts';
import type { DeadLetterFilter, DeadLetterMark, DeadLetters } from '../ports/dead-letters.ts';
import type { DriftQuery, DriftReader } from '../ports/drift.ts';
import type { DialectInForce, Explain, PlacedRecord, StoredRecords } from '../ports/explain.ts';
import type { JobStore } from '../ports/job-store.ts';
import { BadCursorError, type GroupFilter, type LatencyQuery, type Reads, type TraceName } from '../ports/reads.ts';
import type { SchemaCatalog, StateChange, ViolationFilter, ViolationStates } from '../ports/violations.ts';
import { NO_ALERTS } from './alerts/alerts.test-support.ts';
import { createApi } from './create-api.ts';
import { COMPONENTS } from './openapi/components.ts';
import { NO_RECEIVERS } from './receivers.test-support.ts';
import { RESOURCES } from './resources.ts';

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
    search: async ({ q }) => ({
      ...{ ...AS_OF, query: q, results: [], more: [], fields: [], names_cut: false, searched: SEARCHED },
    }),
    events: async () => ({ ...AS_OF, events: [], next_cursor: null }),
    event: async () => null,
    dialects: async () => ({ counts: new Map(), rules: { version: null, older: '0', older_unreachable: '0' } }),
    consumerGroups: async () => ({ ...AS_OF, groups: [], next_cursor: null, watch: WATCH }),
    stalls: async () => ({
      ...{ ...AS_OF, pairs: [], stalls: [], total: 0, more: false, tap_behind: 2, next_cursor: null },
    }),
    owners: async () => ({
      ...{ ...AS_OF, owners: [], systems: [], more_seen: false },
      unowned: { services: ['shop'], topics: [] },
    }),
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
    asOf: async () => AS_OF,
    activity: async () => ({ ...AS_OF, from: NOW, to: NOW, step_s: 60, buckets: [] }),
    violationEvents: async () => ({ violations: [], next_cursor: null }),
    violations: async () => ({
      ...{ ...AS_OF, from: NOW, to: NOW, step_s: 60, groups: [], more_groups: false, violations: [] },
      ...{ next_cursor: null, counts: { ok: '1', violation: '0', unknown_reference: '0', unchecked: '2' } },
    }),
    checkedTypes: async () => [
      { eventType: 'order.paid', topic: 'a', seen: 5, ok: 4, violating: 1, unchecked: 0 },
      { eventType: 'order.paid', topic: 'b', seen: 2, ok: 0, violating: 0, unchecked: 2 },
      { eventType: 'order.lost', topic: 'a', seen: 1, ok: 0, violating: 0, unchecked: 1 },
      { eventType: 'order.sent', topic: 'sent', seen: 1, ok: 1, violating: 0, unchecked: 0 },
    ],
    registrySchemas: async () => ({
      schemas: [SENT],
      broken: [LOST],
    }),
    otherSchemas: async () => ({ events: 5n, unreachable: 2n }),
    audits: async () => ({ ...AS_OF, audits: [] }),
    flow: async () => ({ ...AS_OF, from: NOW, to: NOW, nodes: [], edges: [], groups: [], settled_to: null }),
    latency: async ({ subject, group, evidence }) => ({
      ...{ ...AS_OF, from: NOW, to: NOW, subject, group, evidence, step_s: 60 },
      ...{ event_types: [], distribution: null, settled_to: null },
    }),
    ...change,
  };
}

const JOB: JobWire = {
  ...{ id: '0b8e1c5e-7a0e-4b7e-9f59-3c1f2a6d4e5f', kind: 're-resolve', state: 'running', requested_at: NOW },
  ...{ started_at: NOW, finished_at: null, done: '3', total: '12', changed: '1', message: null },
};

const NO_JOBS: JobStore = {
  request: async () => ({ kind: 'queued', job: JOB }),
  list: async () => [JOB],
  newest: async () => JOB,
  cancel: async () => null,
};

const DIALECTS: readonly DialectInForce[] = [
  {
    spec: {
      name: 'mine',
      title: 'Mine',
      when: ['body has /a'],
      rules: { service: ['topic service'], eventId: ['body /a'] },
    },
    from: 'throughline.yaml',
    line: 14,
  },
  { spec: { name: 'theirs', title: 'Theirs', when: [], rules: {} }, from: 'built in', line: null },
];

const EXPLANATION: Explanation = {
  ...{ format: 'json', reason: null, dialects: [{ name: 'mine', matched: true, failed: null }], dialect: 'mine' },
  fields: [{ field: 'event_id', value: '1', trials: [{ rule: 'body /a', outcome: 'found', value: '1', why: null }] }],
  ...{ flags: [], trace_key: '0123456789abcdef0123456789abcdef', id_kind: 'record' },
};

const PAID: SchemaName = { name: 'paid.json', title: 'Paid', version: '1.0.0', origin: 'operator' };

const SAYS: SchemaSays = {
  ...{ schema: PAID, clauses: [], more_clauses: false },
  before: {
    ...{ schema: PAID, was: null, is: '["a"]', backward: 'no', forward: 'yes', more_changes: false, other_part: false },
    changes: [{ path: '/a', breaks: 'backward', may_break: 'none', sentence: 'It is required.', is_here: true }],
  },
};

const clauseAt = (pointer: string) => ({
  ...{ schema: PAID, pointer, line: 3, lines: [{ depth: 0, text: '"required": ["a"]', is_rule: true }] },
});

const SENT: SchemaName = { name: 'sent-value', title: null, version: '2', origin: 'registry' };
const LOST = { name: 'lost-value (schema id 9)', line: 3, reason: 'this is no schema' };

const CATALOG: SchemaCatalog = {
  schemas: [{ ...PAID, source: null, event_types: ['order.paid'] }],
  broken: [{ name: 'bad.json', line: 3, reason: 'it is no JSON' }],
  says: ({ schema, version, path, rule }) =>
    schema === 'team/paid.json' && version === '1.0.0' ? { ...SAYS, clauses: [clauseAt(`${path} ${rule}`)] } : null,
  schemaFor: (eventType) => (eventType === 'order.paid' ? PAID : null),
};

const NO_DRIFT: Awaited<ReturnType<DriftReader>> = {
  ...{ from: NOW, to: NOW, learned_from: NOW, drifts: [], more: false },
  ...{ event_types: { sampled: 0, judged: 0 }, sampled_events: '0' },
};

const QUEUE: DeadLetterQueueDetail['queue'] = {
  ...{ cluster: 'c', topic: 'orders.dlq', n: 1, kind: 'dead letter', by: 'name', why: 'its name says so' },
  whose: { service: null, system: null, owner: null },
  ...{ looked_at: NOW, depth: '101', held: '120', stored: '100', difference: 'One record is not read yet' },
  ...{ arrivals_per_min: 0.5, trend: [0, 30], oldest_at: NOW, oldest_age_s: 0, expires_in_s: 60, expires_why: null },
  ...{ retention_ms: 60_000, cleanup_policy: 'delete', main_reason: 'no such order <n>', last_at: NOW },
  ...{ triage_groups: [{ group: 'triage', committed: true }], mark: null },
};

const QUEUES: DeadLetterQueues = {
  ...{ ...AS_OF, queues: [QUEUE], others: [], more: false, without_dead_letter: [] },
  total: {
    ...{ depth: '101', stored: '100', arrivals_per_min: 0.5, oldest_age_s: 0, expires_in_s: 60, unknown: 0 },
  },
};

const QUEUE_DETAIL: DeadLetterQueueDetail = {
  ...{ ...AS_OF, queue: QUEUE, partitions: [], from: NOW, to: NOW, step_s: 60, group_by: 'reason' },
  ...{ groups: [], more_groups: false, records: [], next_cursor: null },
};

const LETTER: DeadLetterDetail = {
  ...AS_OF,
  record: {
    ...{ id: 'c/orders.dlq~1/0/7', topic: 'orders.dlq', partition: 0, offset: '7', recorded_at: NOW, stored_at: NOW },
    ...{ failed_at: null, family: 'share group', reason: null, fingerprint: null, reason_key: '0'.repeat(32) },
    ...{ error_class: null, retry_count: 3, consumer_group: 'g', event_type: 'order.placed', service: null },
    original: { topic: 'orders', partition: 1, offset: '9', timestamp: null },
    ...{ original_state: 'stored', original_id: 'c/orders~1/1/9', correlation_id: 'x' },
    ...{ correlation_origin: 'by coordinates', trace_key: '1'.repeat(32), problems: ['empty body'], mark: null },
  },
  own: { id: 'c/orders.dlq~1/0/7', key: null, headers: [], payload: null, payload_missing: null },
  ...{ inside_at: null, inside: null, original: null, siblings: [] },
  comparison: { result: 'nothing inside', why: null, by: 'g', differences: [], more_differences: false },
};

const LETTERS: DeadLetters = {
  queues: async () => QUEUES,
  queue: async () => QUEUE_DETAIL,
  record: async () => LETTER,
  mark: async () => true,
};

interface Setting {
  readonly letters?: Partial<DeadLetters>;
  readonly reads?: Partial<Reads>;
  readonly trouble?: string;
  readonly reports?: unknown[];
  readonly jobs?: Partial<JobStore>;
  readonly record?: StoredRecords['record'];
  readonly explain?: Explain;
  readonly say?: ViolationStates['set'];
  readonly drift?: DriftReader;
}

/** Asks the API, with the path below `/api/v1`. */
async function ask(pathAndQuery: string, setting: Setting = {}, init: RequestInit = {}) {
  const reads = emptyReads(setting.reads ?? {});
  const clock = { now: () => millis(Date.parse(NOW)) };
  const api = createApi({
    reads,
    jobs: { ...NO_JOBS, ...setting.jobs },
    records: { record: setting.record ?? (async () => 'absent') },
    dialects: DIALECTS,
    explain: setting.explain ?? (async () => EXPLANATION),
    schemas: async () => CATALOG,
    violations: { set: setting.say ?? (async () => true) },
    drift: setting.drift ?? (async () => NO_DRIFT),
    deadLetters: { ...LETTERS, ...setting.letters },
    receivers: NO_RECEIVERS,
    ...NO_ALERTS,
    hub: createLiveHub({ frames: framesInMemory().reader, pulse: reads.pulse, clock }),
    clock,
    databaseTrouble: async () => setting.trouble ?? null,
    report: (error) => setting.reports?.push(error),
    version: '0',
  });
  return api(new Request(`http://localhost/api/v1${pathAndQuery}`, init));
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
    await ask(`/traces/${tail}`, { reads: { trace } });
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
    const answer = await ask('/traces/neat');
    expect(answer.status).toBe(404);
    expect(await problemOf(answer)).toMatchObject({ nearest: ['near'], searched: { records: '12', lag: '3' } });
  });

  it('that is no UTF-8 is refused', async () => {
    expect((await ask('/traces/%ff')).status).toBe(400);
  });
});

describe('an event by its path', () => {
  it.each(['c/t~1/0/9223372036854775808', 'c/t~1/2147483648/0', 'c/t/0/1', 'c/t~1/0/-1', 'c%00/t~1/0/1', 'x'])(
    '%s is refused before the store is asked',
    async (id) => expect((await ask(`/events/${id}`)).status).toBe(400),
  );

  it('that is not stored is 404', async () => {
    const answer = await ask('/events/c/t~1/0/9223372036854775807');
    expect(answer.status).toBe(404);
    await problemOf(answer);
  });
});

describe('dialects', () => {
  it('are listed in the order they are tried, with what each read, what none read, and what is retired', async () => {
    const count = (stored: string) => ({ in_range: '1', stored, last_at: NOW });
    const counts = new Map([
      ['mine', count('5')],
      ['none', count('2')],
      ['former', count('9')],
    ]);
    let asked: { from: number; to: number } | undefined;
    const dialects: Reads['dialects'] = async (range) => {
      asked = range;
      return { counts, rules: { version: 3, older: '9', older_unreachable: '4' } };
    };
    const answer = await ask('/dialects?from=2026-03-01T10:00:00Z', { reads: { dialects } });
    expect(answer.status).toBe(200);
    expect(COMPONENTS.DialectList.parse(await answer.json())).toMatchObject({
      dialects: [
        {
          name: 'mine',
          from: 'throughline.yaml',
          line: 14,
          rules: [
            { field: 'event_id', rules: ['body /a'] },
            { field: 'service', rules: ['topic service'] },
          ],
          count: { stored: '5' },
        },
        { name: 'theirs', from: 'built in', rules: [], count: { stored: '0', last_at: null } },
      ],
      unmatched: { stored: '2' },
      retired: [{ name: 'former', count: { stored: '9' } }],
      rules: { version: 3 },
      job: { id: JOB.id },
      range: { from: '2026-03-01T10:00:00.000000Z' },
    });
    expect((asked?.to ?? 0) - (asked?.from ?? 0)).toBe(2 * 3_600_000_000);
  });

  it('refuse a range that ends before it begins, and what they do not know', async () => {
    expect((await ask('/dialects?from=now&to=-60m')).status).toBe(400);
    expect((await ask('/dialects?topic=a')).status).toBe(400);
  });
});

const write = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

describe('a record that is tried', () => {
  const PASTED = {
    topic: 'orders',
    key: 'k',
    headers: [{ name: 'h', value: null }],
    value: '{"a":1}',
    encoding: 'text',
  };
  const tried = async (body: unknown): Promise<PlacedRecord | undefined> => {
    let seen: PlacedRecord | undefined;
    const explain: Explain = async (placed) => {
      seen = placed;
      return EXPLANATION;
    };
    const answer = await ask('/dialects/try', { explain }, write(body));
    if (answer.status === 200) expect(COMPONENTS.Explanation.parse(await answer.json())).toEqual(EXPLANATION);
    return seen;
  };

  it('is read as it is pasted, bytes as base64, a tombstone as none', async () => {
    expect(await tried(PASTED)).toMatchObject({
      topic: 'orders',
      stored: null,
      record: {
        key: Buffer.from('k'),
        headers: [{ name: Buffer.from('h'), value: null }],
        value: Buffer.from('{"a":1}'),
        timestampMs: Date.parse(NOW),
      },
    });
    expect((await tried({ ...PASTED, value: 'AAE=\n', encoding: 'base64' }))?.record.value).toEqual(
      Buffer.from([0, 1]),
    );
    expect((await tried({ ...PASTED, value: null, key: null }))?.record).toMatchObject({ value: null, key: null });
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['nothing', ''],
    ['a list', []],
    ['no topic', { ...PASTED, topic: '' }],
    ['an unknown part', { ...PASTED, partition: 1 }],
    ['both kinds', { ...PASTED, event: 'c/t~1/0/1' }],
    ['a key that is no text', { ...PASTED, key: 1 }],
    ['no base64', { ...PASTED, value: '{"a":1}', encoding: 'base64' }],
    ['white space without end that is no base64', { ...PASTED, value: `${' '.repeat(900_000)}!`, encoding: 'base64' }],
    [
      'sixty thousand parts that it has not',
      Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`part${n}`, 1])),
    ],
    ['too many headers', { ...PASTED, headers: Array.from({ length: 1001 }, () => ({ name: 'a', value: null })) }],
    ['no record id', { event: 'x' }],
    ['a record id beyond all', { event: 'c/t~1/0/9223372036854775808' }],
  ])('with %s is refused before anything is read', async (_what, body) => {
    const answer = await ask(
      '/dialects/try',
      { explain: () => Promise.reject(new Error('asked')), record: () => Promise.reject(new Error('asked')) },
      write(body),
    );
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await problemOf(answer)).length).toBeLessThan(10_000);
  });

  it('that is larger than a megabyte is refused', async () => {
    const answer = await ask('/dialects/try', {}, write({ ...PASTED, value: 'a'.repeat(2 ** 20) }));
    expect(answer.status).toBe(413);
  });

  it('may be a stored one, which can be absent or gone', async () => {
    const placed = { record: { offset: 1n }, topic: 'orders', stored: null } as unknown as PlacedRecord;
    const asking = (found: PlacedRecord | 'absent' | 'gone') =>
      ask('/dialects/try', { record: async () => found }, write({ event: 'c/t~1/0/1' }));
    expect((await asking(placed)).status).toBe(200);
    expect((await problemOf(await asking('absent'))).status).toBe(404);
    expect((await problemOf(await asking('gone'))).status).toBe(410);
  });

  it('is never asked for by GET', async () => {
    const answer = await ask('/dialects/try');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('drift', () => {
  it('is told of a range, an hour long unless it is asked for another, and of one type', async () => {
    const asked: DriftQuery[] = [];
    const drift: DriftReader = async (query) => {
      asked.push(query);
      return {
        ...NO_DRIFT,
        drifts: [
          {
            ...{ event_type: 'order.paid', path: '/a', kind: 'appeared', sentence: 'It appeared.', since: NOW },
            before: { events: 40, present: 0, types: [] },
            now: { events: 50, present: 50, types: ['string'] },
            ...{ services: ['shop'], samples: { before: null, now: 'test/orders~1/0/7' } },
          },
        ],
      };
    };
    const list = COMPONENTS.DriftList.parse(await (await ask('/drift', { drift })).json());
    expect(list.drifts).toHaveLength(1);
    await ask('/drift?event_type=order.paid&from=-24h', { drift });
    const to = Date.parse(NOW) * 1000;
    expect(asked).toEqual([
      { from: to - 3600e6, to },
      { from: to - 24 * 3600e6, to, eventType: 'order.paid' },
    ]);
    expect((await ask('/drift?service=shop', { drift })).status).toBe(400);
  });
});

describe('search', () => {
  it('asks for the text as it was written, and says what was searched where nothing is found', async () => {
    const asked: unknown[] = [];
    const search: Reads['search'] = async (query) => {
      asked.push(query);
      return emptyReads({}).search(query);
    };
    const answer = await ask(`/search?${new URLSearchParams({ q: ' a/b%20&é ' })}`, { reads: { search } });
    expect(COMPONENTS.Search.parse(await answer.json())).toMatchObject({ results: [], searched: { records: '12' } });
    await ask('/search?q=x&limit=50', { reads: { search } });
    expect(asked).toEqual([
      { q: ' a/b%20&é ', limit: 8 },
      { q: 'x', limit: 50 },
    ]);
  });

  it('wants a text', async () => {
    for (const query of ['', '?q=', '?q=a%00b', `?q=${'a'.repeat(1025)}`, '?q=a&limit=51']) {
      expect((await ask(`/search${query}`)).status).toBe(400);
    }
    expect((await problemOf(await ask('/search'))).errors).toEqual([{ name: 'q', reason: 'must be given.' }]);
  });
});

describe('jobs', () => {
  it('are listed', async () => {
    expect(COMPONENTS.JobList.parse(await (await ask('/jobs')).json()).jobs).toEqual([JOB]);
  });

  it('are queued one at a time', async () => {
    const made = await ask('/jobs', {}, write({ kind: 're-resolve' }));
    expect([made.status, COMPONENTS.Job.parse(await made.json()).id]).toEqual([201, JOB.id]);
    const request: JobStore['request'] = async () => ({ kind: 'busy', job: JOB });
    const busy = await ask('/jobs', { jobs: { request } }, write({ kind: 're-resolve' }));
    expect(await problemOf(busy)).toMatchObject({ status: 409, detail: expect.stringContaining('3 of 12 events') });
    expect((await ask('/jobs', {}, write({ kind: 'format-disk' }))).status).toBe(400);
  });

  it('read again what other rules read, or what other schemas checked, as they are asked', async () => {
    const scopes: string[] = [];
    const request: JobStore['request'] = async (scope) => {
      scopes.push(scope);
      return { kind: 'queued', job: JOB };
    };
    for (const kind of ['re-resolve', 're-validate']) await ask('/jobs', { jobs: { request } }, write({ kind }));
    expect(scopes).toEqual(['older rules', 'other schemas']);
  });

  it('of both kinds are asked for by their kind', async () => {
    const asked: string[] = [];
    const job: JobWire = { ...JOB, kind: 're-settle' };
    const request: JobStore['request'] = async (scope) => {
      asked.push(scope);
      return { kind: 'busy', job };
    };
    await ask('/jobs', { jobs: { request } }, write({ kind: 're-resolve' }));
    const busy = await ask('/jobs', { jobs: { request } }, write({ kind: 're-settle' }));
    expect(asked).toEqual(['older rules', 'older topology']);
    expect((await problemOf(busy)).detail).toContain('3 of about 12 traces');
  });

  it('are cancelled by their id', async () => {
    const asked: string[] = [];
    const cancel: JobStore['cancel'] = async (id) => {
      asked.push(id);
      return id === JOB.id ? JOB : null;
    };
    const ofPath = (path: string) => ask(path, { jobs: { cancel } }, write({}));
    expect((await ofPath(`/jobs/${JOB.id}/cancel`)).status).toBe(200);
    expect((await problemOf(await ofPath(`/jobs/${JOB.id.replaceAll('0', '1')}/cancel`))).status).toBe(404);
    expect((await ofPath('/jobs/7/cancel')).status).toBe(400);
    expect(asked).toHaveLength(2);
  });
});

describe('dead letters', () => {
  it('are answered by queue, by group and one by one', async () => {
    expect(COMPONENTS.DeadLetterQueues.parse(await (await ask('/dead-letters')).json()).total.depth).toBe('101');
    const queue = await (await ask('/dead-letters/orders.dlq')).json();
    expect(COMPONENTS.DeadLetterQueueDetail.parse(queue).queue.topic).toBe('orders.dlq');
    const letter = await (await ask('/dead-letters/records/c/orders.dlq~1/0/7')).json();
    expect(COMPONENTS.DeadLetterDetail.parse(letter).comparison.result).toBe('nothing inside');
  });

  it('are asked for by a topic, a range, a dimension and a page', async () => {
    const asked: DeadLetterFilter[] = [];
    const queue: DeadLetters['queue'] = async (filter) => {
      asked.push(filter);
      return null;
    };
    const path = '/dead-letters/a%2Eb?from=-24h&group_by=service&without=service&event_type=x&limit=7';
    expect((await problemOf(await ask(path, { letters: { queue } }))).status).toBe(404);
    await ask(`/dead-letters/records?reason=${'a'.repeat(32)}`, { letters: { queue } });
    expect(asked).toEqual([
      {
        ...{ topic: 'a.b', groupBy: 'service', without: 'service', eventType: 'x', limit: 7 },
        ...{ from: expect.any(Number), to: Date.parse(NOW) * 1000 },
      },
      {
        ...{ topic: 'records', groupBy: 'reason', reason: 'a'.repeat(32), limit: 50 },
        ...{ from: expect.any(Number), to: Date.parse(NOW) * 1000 },
      },
    ]);
  });

  it.each([
    '/dead-letters?topic=a',
    '/dead-letters/',
    '/dead-letters/a%00',
    `/dead-letters/${'a'.repeat(250)}`,
    '/dead-letters/a?group_by=colour',
    '/dead-letters/a?reason=x',
    '/dead-letters/records/x',
    '/dead-letters/records/c/t~1/0/9223372036854775808',
  ])('are refused before the store is asked: %s', async (path) => expect((await ask(path)).status).toBe(400));

  it('that are not stored are 404', async () => {
    const answer = await ask('/dead-letters/records/c/t~1/0/1', { letters: { record: async () => null } });
    expect((await problemOf(answer)).status).toBe(404);
  });

  it('are marked by queue, by reason and by record', async () => {
    const said: DeadLetterMark[] = [];
    const mark: DeadLetters['mark'] = async (each) => {
      said.push(each);
      return each.topic === 'orders.dlq';
    };
    const say = (body: unknown) => ask('/dead-letter-marks', { letters: { mark } }, write(body));
    expect((await say({ topic: 'orders.dlq', state: 'resolved', note: 'n' })).status).toBe(200);
    expect((await say({ topic: 'orders.dlq', state: 'acknowledged', reason: 'b'.repeat(32) })).status).toBe(200);
    expect((await say({ topic: 'orders.dlq', state: 'new', record: 'c/orders.dlq~1/0/7' })).status).toBe(200);
    expect((await problemOf(await say({ topic: 'orders', state: 'new' }))).status).toBe(404);
    expect(said[0]).toEqual({ topic: 'orders.dlq', state: 'resolved', note: 'n' });
    expect((await say({ topic: '', state: 'new' })).status).toBe(400);
    expect((await say({ topic: 'a', state: 'gone' })).status).toBe(400);
    expect((await say({ topic: 'a', state: 'new', record: 'x' })).status).toBe(400);
    expect((await say({ topic: 'a', state: 'new', record: 'c/t~1/0/1', reason: 'b'.repeat(32) })).status).toBe(400);
    expect(said).toHaveLength(4);
  });
});

describe('a list of traces', () => {
  it('looks for what is named exactly also among events that only ever appear alone', async () => {
    const asked: unknown[] = [];
    const traces: Reads['traces'] = async (filter) => {
      asked.push(filter.singles);
      return emptyReads({}).traces(filter);
    };
    const names = ['correlation_id=c', 'event_id=e', 'key=k', 'trace_id=t', 'field=order_id:1'];
    for (const query of [...names, 'q=c', 'event_type=a', 'event_id=e&singles=fold']) {
      expect((await ask(`/traces?${query}`, { reads: { traces } })).status).toBe(200);
    }
    expect(asked).toEqual([...names.map(() => 'all'), 'fold', 'fold', 'fold']);
  });
});

describe('stalls', () => {
  it('are answered a page at a time', async () => {
    const asked: unknown[] = [];
    const stalls: Reads['stalls'] = async (filter) => {
      asked.push(filter);
      return emptyReads({}).stalls(filter);
    };
    const answer = await ask('/stalls?limit=7&cursor=x', { reads: { stalls } });
    expect(COMPONENTS.StallList.parse(await answer.json()).tap_behind).toBe(2);
    await ask('/stalls', { reads: { stalls } });
    expect(asked).toEqual([{ limit: 7, cursor: 'x' }, { limit: 50 }]);
  });
});

describe('owners', () => {
  it('are answered whole', async () => {
    const answer = await ask('/owners');
    expect(COMPONENTS.OwnerList.parse(await answer.json()).unowned.services).toEqual(['shop']);
    expect((await ask('/owners?team=a')).status).toBe(400);
  });
});

describe('consumer groups', () => {
  it('are asked for by topic, page and detail', async () => {
    let asked: GroupFilter | undefined;
    const consumerGroups: Reads['consumerGroups'] = async (filter) => {
      asked = filter;
      return emptyReads({}).consumerGroups(filter);
    };
    const answer = await ask('/consumer-groups?topic=a&include=partitions&limit=7&cursor=x', {
      reads: { consumerGroups },
    });
    COMPONENTS.ConsumerGroupList.parse(await answer.json());
    expect(asked).toEqual({ topic: 'a', includePartitions: true, limit: 7, cursor: 'x' });
    await ask('/consumer-groups', { reads: { consumerGroups } });
    expect(asked).toEqual({ includePartitions: false, limit: 50 });
  });

  it('refuse what they do not know', async () => {
    const answer = await ask('/consumer-groups?topics=a');
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
    const answer = await ask('/traces', setting);
    expect(answer.status).toBe(503);
    expect((await problemOf(answer)).detail).toBe('PostgreSQL at h:1 does not answer.');
  });

  it('that nobody foresaw is 500, told to the log and not to the client', async () => {
    const reports: unknown[] = [];
    const error = new Error('secret at /home/ada/file.ts:12');
    const answer = await ask('/traces', { reads: failing(error), reports });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(await problemOf(answer))).not.toMatch(/secret|file\.ts/);
    expect(reports).toEqual([error]);
  });

  it('with a cursor is the client’s', async () => {
    const answer = await ask('/traces?cursor=x', { reads: failing(new BadCursorError()) });
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).errors?.[0]?.name).toBe('cursor');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is not offered', async (method) => {
    const answer = await ask('/traces', {}, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    await problemOf(answer);
  });
});

describe('health', () => {
  const healthFor = async (setting: Setting) => {
    const answer = await ask('/health', setting);
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
    const text = await (await ask('/metrics', { reads: { partitions } })).text();
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
    const answer = await ask('/metrics', { reads: { coverage }, trouble: 'away' });
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
    const answer = await ask('/coverage', { reads: { partitions } });
    expect(COMPONENTS.Coverage.parse(await answer.json()).totals).toMatchObject({ expired: '5', damaged: '7' });
    await ask('/coverage?limit=0&topic=a&has=holes', { reads: { partitions } });
    expect(asked).toEqual([
      { withHoles: false, limit: 1000 },
      { withHoles: true, limit: 0, topic: 'a' },
    ]);
    expect((await ask('/coverage?limit=1001')).status).toBe(400);
  });
});

describe('the flow map', () => {
  it('is of the last hour unless another range is asked for', async () => {
    const asked: { from: number; to: number }[] = [];
    const flow: Reads['flow'] = async (range) => {
      asked.push(range);
      return emptyReads({}).flow(range);
    };
    const answer = await ask('/flow', { reads: { flow } });
    expect(answer.status).toBe(200);
    expect(COMPONENTS.Flow.parse(await answer.json())).toMatchObject({ nodes: [], edges: [], groups: [] });
    await ask('/flow?from=-24h', { reads: { flow } });
    expect(asked.map(({ from, to }) => (to - from) / 3_600_000_000)).toEqual([1, 24]);
  });

  it.each(['from=now&to=-60m', 'from=yesterday', 'service=a'])('refuses %s', async (query) => {
    expect((await ask(`/flow?${query}`)).status).toBe(400);
  });
});

describe('latency', () => {
  const asked = async (query: string): Promise<LatencyQuery | undefined> => {
    let seen: LatencyQuery | undefined;
    const latency: Reads['latency'] = async (given) => {
      seen = given;
      return emptyReads({}).latency(given);
    };
    const answer = await ask(`/latency${query}`, { reads: { latency } });
    if (answer.status === 200) COMPONENTS.Latency.parse(await answer.json());
    else await problemOf(answer);
    return seen;
  };

  it('is of all hops by event type unless the query says otherwise', async () => {
    expect(await asked('')).toMatchObject({ subject: 'hop', group: 'event_type', evidence: 'all' });
    expect(await asked('?subject=reply&group=edge&evidence=explicit&event_type=a%3Cb&cause_type=c')).toMatchObject({
      ...{ subject: 'reply', group: 'edge', evidence: 'explicit', eventType: 'a<b', causeType: 'c' },
    });
    expect(await asked('?group=service&service=archon-mcp')).toMatchObject({ group: 'service', service: 'archon-mcp' });
  });

  it('is not asked for one row with an empty name', async () => {
    expect(await asked('?event_type=&service=')).not.toHaveProperty('eventType');
  });

  it.each(['subject=span', 'group=topic', 'evidence=some', 'cause_type=a', 'from=now&to=-1h', 'event_type=%00'])(
    'refuses %s before anything is read',
    async (query) => expect(await asked(`?${query}`)).toBeUndefined(),
  );
});

describe('the live stream', () => {
  it('begins with the pause before a return and a pulse, and ends when its reader leaves', async () => {
    const leaving = new AbortController();
    const answer = await ask('/live', {}, { signal: leaving.signal });
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
    expect((await ask('/live?last_event_id=x')).status).toBe(400);
    const answer = await ask('/live', {}, { headers: { 'last-event-id': 'x' } });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    expect((await reader?.read())?.value).toContain('"kind":"reset"');
    await reader?.cancel();
  });
});

describe('openapi.json', () => {
  const document = async () => (await ask('/openapi.json')).json();

  it('describes each resource of the API, and nothing else', async () => {
    const { paths } = await document();
    expect(Object.keys(paths).sort()).toEqual(Object.keys(RESOURCES).sort());
  });

  it('is OpenAPI 3.1 with path parameters declared and every reference resolved', async () => {
    const whole = await document();
    expect(whole.openapi).toMatch(/^3\.1\.\d+$/);
    const text = JSON.stringify(whole);
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(whole.components.schemas).toHaveProperty(name);
    }
    expect(text).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/\w+")/);
    type Operations = Record<string, { parameters: { name: string; in: string }[] }>;
    for (const [route, item] of Object.entries<Operations>(whole.paths)) {
      for (const { parameters } of Object.values(item)) {
        const inPath = parameters.filter((one) => one.in === 'path').map((one) => one.name);
        expect(inPath).toEqual([...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
      }
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
    const answer = await ask('/nothing/here');
    expect(answer.status).toBe(404);
    expect((await problemOf(answer)).detail).toContain('openapi.json');
  });
});

describe('the violation log', () => {
  const KEY = '0123456789abcdef0123456789abcdef';

  it('is asked for by its filters, and refuses what is no key of a group', async () => {
    let asked: ViolationFilter | undefined;
    const violations: Reads['violations'] = async (filter) => {
      asked = filter;
      return emptyReads({}).violations(filter);
    };
    const answer = await ask(`/violations?group=${KEY}&rule=type&state=back&limit=7`, { reads: { violations } });
    COMPONENTS.ViolationList.parse(await answer.json());
    expect(asked).toMatchObject({ group: KEY, rule: 'type', state: 'back', limit: 7 });
    expect((await ask('/violations?group=1')).status).toBe(400);
  });

  it('is a file of all its pages, read as it is taken', async () => {
    const event = {
      ...{ id: 'c/t~1/0/1', topic: 't', partition: 0, offset: '1', event_type: 'paid', service: null, event_id: null },
      ...{ correlation_id: null, trace_key: KEY, occurred_at: NOW, stored_at: NOW },
      errors: [{ path: '/a', rule: 'type', sentence: 's', was: '=1', near_miss: null, schema: null }],
    };
    const asked: (string | undefined)[] = [];
    const violationEvents: Reads['violationEvents'] = async ({ cursor }) => {
      asked.push(cursor);
      return { violations: [event], next_cursor: asked.length < 3 ? `page ${asked.length}` : null };
    };
    const lines = (await (await ask('/violations/export', { reads: { violationEvents } })).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([event, event, event]);
    expect(asked).toEqual([undefined, 'page 1', 'page 2']);
    const csv = await ask('/violations/export?format=csv', { reads: { violationEvents } });
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="violations.csv"');
    expect(await csv.text()).toMatch(/^"occurred_at",.*\r\n.*"'=1".*\r\n$/);
    const failing = () => Promise.reject(new Error('broken'));
    expect((await ask('/violations/export', { reads: { violationEvents: failing } })).status).toBe(500);
  });

  it('takes what somebody says of a group, and says when there is none', async () => {
    const said: StateChange[] = [];
    const say = async (change: StateChange) => {
      said.push(change);
      return change.group === KEY;
    };
    const send = (body: object) => ask('/violations/state', { say }, { method: 'POST', body: JSON.stringify(body) });
    expect((await send({ group: KEY, state: 'muted', until: '2026-03-02T00:00:00Z', note: 'known' })).status).toBe(200);
    expect((await send({ group: 'f'.repeat(32), state: 'resolved', until: null })).status).toBe(404);
    expect((await send({ group: KEY, state: 'back' })).status).toBe(400);
    expect(said).toEqual([
      { group: KEY, state: 'muted', until: Date.UTC(2026, 2, 2) * 1000, note: 'known' },
      { group: 'f'.repeat(32), state: 'resolved' },
    ]);
  });

  it('tells of each event type, whatever its topics, how it fits, and which files are broken', async () => {
    const list = COMPONENTS.SchemaList.parse(await (await ask('/schemas')).json());
    expect(list.event_types).toEqual([
      { event_type: 'order.paid', schema: PAID, seen: '7', ok: '4', violating: '1', unchecked: '2' },
      { event_type: 'order.lost', schema: null, seen: '1', ok: '0', violating: '0', unchecked: '1' },
      { event_type: 'order.sent', schema: SENT, seen: '1', ok: '1', violating: '0', unchecked: '0' },
    ]);
    expect(list.schemas.map(({ name }) => name)).toEqual(['paid.json', 'sent-value']);
    expect(list.broken).toEqual([...CATALOG.broken, LOST]);
    expect(list.other_schemas).toEqual({ events: '5', unreachable: '2' });
    expect(list.job).toEqual(JOB);
  });

  it('tells where a rule of a schema stands, whatever its name, and refuses a schema that is not in force', async () => {
    const name = encodeURIComponent('team/paid.json');
    const answer = await ask(`/schemas/${name}/says?version=1.0.0&path=%2Fa&rule=required`);
    expect(COMPONENTS.SchemaSays.parse(await answer.json()).clauses).toEqual([clauseAt('/a required')]);
    const bare = await ask(`/schemas/${name}/says?version=1.0.0`);
    expect(COMPONENTS.SchemaSays.parse(await bare.json()).clauses).toEqual([clauseAt(' ')]);
    expect((await ask(`/schemas/${name}/says`)).status).toBe(404);
    expect((await ask('/schemas/says?version=1')).status).toBe(400);
    expect((await ask(`/schemas/${name}/says?from=-1h`)).status).toBe(400);
  });
});
