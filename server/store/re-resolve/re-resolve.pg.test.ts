import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { createQueueNames, NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import type { PreparedEvent } from '../../model/event.ts';
import type { SourceRecord } from '../../model/record.ts';
import { type SchemaCheck, UNCHECKED } from '../../model/schema-check.ts';
import { micros } from '../../model/time.ts';
import { traceKey } from '../../model/trace-key.ts';
import type { PrepareStored } from '../../ports/job-store.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { findOriginals } from '../dead-letters/find-originals.ts';
import { LOCKS } from '../locks.ts';
import { createMergeStore } from '../merge/merge-store.ts';
import { batchOf, type EventSketch, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { breaks, errorAt, FITS } from '../violations.test-support.ts';
import { createReResolveStore } from './re-resolve-store.ts';
import { dump, jobRow, settleWhole } from './stored-history.test-support.ts';

const DAY_US = 86_400_000_000;
/** The rules of before and of now: which part of a record's value says what the event is. */
const RULES = { before: 1, now: 2 } as const;

/** A record says what each of the two sets of rules makes of it. */
interface Written {
  readonly before: EventSketch;
  readonly now: EventSketch;
}

let stored: TestStore;
let fresh: TestStore;
beforeAll(async () => {
  [stored, fresh] = [await openStore(), await openStore()];
});
afterAll(async () => {
  await stored.close();
  await fresh.close();
});

function prepareAs(rules: keyof typeof RULES, place: TopicPartition, record: SourceRecord): PreparedEvent {
  const written = JSON.parse(record.value?.toString() ?? '{}') as Written;
  const event = eventOf(place, record.offset, written[rules]);
  return { ...event, resolverVersion: RULES[rules], recordedAt: micros(record.timestampMs * 1000), raw: record };
}

function recordOf(offset: bigint, written: Written): SourceRecord {
  const timestampMs = (NOON / 1000 + Number(offset)) as SourceRecord['timestampMs'];
  return {
    offset,
    key: Buffer.from(`k${offset}`),
    headers: [],
    value: Buffer.from(JSON.stringify(written)),
    timestampMs,
    timestampType: 'CreateTime',
  };
}

/** Mixed records: traces that split, join, vanish and stay, copies, types and services that change, ids that come and go. */
function mixed(offset: number): Written {
  const id = `e-${offset % 17 === 3 ? offset - 1 : offset}`;
  const { was, is } = checksOf(offset);
  const moved = withChecks(offset, id);
  return { before: { ...moved.before, check: was }, now: { ...moved.now, check: is } };
}

/** Events that break nothing, other rules, the same at other places, more or less than before. */
function checksOf(offset: number): { readonly was: SchemaCheck; readonly is: SchemaCheck } {
  const [a, b, c] = [errorAt('/a'), errorAt(`/list/${offset % 3}/x`, 'type'), errorAt('/c', 'enum')];
  switch (offset % 7) {
    case 0:
      return { was: UNCHECKED, is: breaks(a, b) };
    case 1:
      return { was: breaks(a), is: FITS };
    case 2:
      return { was: breaks(a, b), is: breaks(b, c) };
    case 3:
      return { was: breaks(b, b, a), is: breaks(a) };
    case 4:
      return { was: breaks(a), is: { ...UNKNOWN_REFERENCE, errors: [errorAt('', 'unknown_reference', null)] } };
    case 5:
      return { was: breaks(errorAt('/list/1/x', 'type')), is: breaks(errorAt('/list/2/x', 'type')) };
    default:
      return { was: FITS, is: FITS };
  }
}

const UNKNOWN_REFERENCE: SchemaCheck = { ...UNCHECKED, status: 'unknown_reference' };

function withChecks(offset: number, id: string): Written {
  const base = { id, type: `t-${offset % 5}`, service: offset % 4 === 0 ? null : `s-${offset % 3}` };
  const before = { ...base, correlation: offset % 7 === 0 ? null : `old-${offset % 9}`, cause: `e-${offset - 1}` };
  switch (offset % 6) {
    case 0:
      return { before, now: before };
    case 1:
      return { before, now: { ...before, correlation: `new-${offset % 4}` } };
    case 2:
      return { before, now: { ...before, type: `renamed-${offset % 2}`, at: NOON + offset * 61e6 } };
    case 3:
      return { before, now: { ...before, correlation: null } };
    case 4:
      return { before, now: { ...base, correlation: `old-${offset % 3}` } };
    default:
      return { before, now: { ...before, service: 'another', correlation: 'old-1' } };
  }
}

const TOPICS = ['orders', 'payments'];
const RECORDS = 700;

async function fill(store: TestStore, rules: keyof typeof RULES, name: string): Promise<void> {
  for (const topic of TOPICS) {
    const place = await store.topic(`${name}-${topic}`);
    for (let from = 0; from < RECORDS; from += 50) {
      const events = Array.from({ length: 50 }, (_, index) => {
        const offset = from + index;
        return prepareAs(rules, place, recordOf(BigInt(offset), mixed(offset)));
      });
      await store.ingest.storeBatch(batchOf(place, events, micros(NOON + Math.floor(from / 350) * DAY_US)));
    }
  }
  await settleWhole(store);
}

const prepare: PrepareStored = async (records, { incarnation, partition }) =>
  records.map((record) =>
    prepareAs('now', { incarnationId: incarnation.id, topic: incarnation.topic, partition }, record),
  );

async function newJob(store: TestStore): Promise<string> {
  const { rows } = await store.pool.query<{ id: string }>(
    `insert into job (workspace_id, kind, scope) values (1, 're-resolve', 'older rules') returning id::text`,
  );
  return rows[0]?.id ?? '';
}

const storeOf = (store: TestStore) =>
  createReResolveStore({ pool: store.pool, workspaceId: 1, resolverVersion: async () => RULES.now });

/** Runs a job to its end; `between` happens after each step. */
async function run(store: TestStore, id: string, between: () => Promise<void> = async () => {}): Promise<number> {
  let steps = 0;
  expect(await storeOf(store).begin(id)).toBe('running');
  while ((await storeOf(store).step(id, prepare)) === 'working') {
    steps += 1;
    await between();
  }
  return steps;
}

test('a job begins while retention is at work for long, and is cancelled while a day is being dropped', async () => {
  const id = await newJob(stored);
  const [expiring, dropping] = [await stored.pool.connect(), await stored.pool.connect()];
  await expiring.query('select pg_advisory_lock($1, 0)', [LOCKS.retention]);
  await dropping.query('select pg_advisory_lock($1, 0)', [LOCKS.days]);
  const beginning = storeOf(stored).begin(id);
  await until('the job to wait for the drop', async () => {
    const { rows } = await stored.pool.query(
      `select from pg_locks where locktype = 'advisory' and classid = $1 and not granted`,
      [LOCKS.days],
    );
    return rows.length > 0;
  });
  await stored.pool.query(`update job set state = 'cancelled' where id = $1::uuid`, [id]);
  await dropping.query('select pg_advisory_unlock($1, 0)', [LOCKS.days]);
  expect(await beginning).toBe('cancelled');
  for (const client of [expiring, dropping]) client.release(true);
});

test('stored events that are read again are, table by table, what a fresh ingest makes of them', async () => {
  await fill(stored, 'before', 'whole');
  await fill(fresh, 'now', 'whole');
  const [before, after] = [await dump(stored), await dump(fresh)];
  for (const table of ['trace', 'violation', 'violations']) expect(before[table]).not.toEqual(after[table]);
  const id = await newJob(stored);
  expect(await run(stored, id)).toBeGreaterThanOrEqual(4);
  await settleWhole(stored);
  expect(await dump(stored)).toEqual(await dump(fresh));
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 1400, total: 1400, message: null });
});

test('a second run finds nothing to look at and changes nothing', async () => {
  const before = await dump(stored);
  const id = await newJob(stored);
  expect(await run(stored, id)).toBe(0);
  expect(await dump(stored)).toEqual(before);
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 0, total: 0, changed: 0 });
});

test('a job that is killed at any chunk goes on where it stood, also while records come in and traces are settled', async () => {
  const ingested = { stored: 0, fresh: 0 };
  await fill(stored, 'before', 'cut');
  await fill(fresh, 'now', 'cut');
  const places = { stored: await stored.topic('late'), fresh: await fresh.topic('late') };
  const add = async (store: TestStore, side: 'stored' | 'fresh') => {
    const offset = ingested[side]++;
    const event = prepareAs('now', places[side], recordOf(BigInt(offset), mixed(offset)));
    await store.ingest.storeBatch(batchOf(places[side], [event], micros(NOON + 2 * DAY_US)));
  };
  const id = await newJob(stored);
  const reResolve = storeOf(stored);
  expect(await reResolve.begin(id)).toBe('running');
  let deaths = 0;
  for (let outcome = 'working'; outcome === 'working'; ) {
    await add(stored, 'stored');
    // The process dies with its chunk read, or with half of its statements sent; then another one begins.
    const killed = reResolve.step(id, () => Promise.reject(new Error('killed')));
    deaths += await killed.then(
      () => 0,
      () => 1,
    );
    deaths += await killWhileWriting(id);
    outcome = (await storeOf(stored).begin(id)) === 'running' ? await storeOf(stored).step(id, prepare) : 'done';
    await settleWhole(stored);
    if (outcome === 'working') await add(stored, 'stored');
  }
  expect(deaths).toBeGreaterThan(4);
  while (ingested.fresh < ingested.stored) await add(fresh, 'fresh');
  await settleWhole(fresh);
  expect(await dump(stored)).toEqual(await dump(fresh));
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 1400, total: 1400 });
}, 120_000);

/** One step whose last statement never comes: what was written before it must be rolled back. */
async function killWhileWriting(id: string): Promise<number> {
  await stored.pool.query(`create function refuse_segment() returns trigger language plpgsql as
    $$ begin raise exception 'planted' using errcode = '58000'; end $$`);
  await stored.pool.query(
    'create trigger refuse_segment before update on segment for each row execute function refuse_segment()',
  );
  const died = await storeOf(stored)
    .step(id, prepare)
    .then(
      () => 0,
      () => 1,
    );
  await stored.pool.query('drop function refuse_segment cascade');
  return died;
}

test('two processes that go on with one job do nothing twice', async () => {
  const place = await stored.topic('twice');
  const events = Array.from({ length: 20 }, (_, offset) =>
    prepareAs('before', place, recordOf(BigInt(offset), mixed(offset))),
  );
  await stored.ingest.storeBatch(batchOf(place, events));
  const id = await newJob(stored);
  const [one, two] = [storeOf(stored), storeOf(stored)];
  await one.begin(id);
  await two.begin(id);
  const finished = await Promise.all(
    [one, two].map(async (each) => {
      let outcome = await each.step(id, prepare);
      while (outcome === 'working') outcome = await each.step(id, prepare);
      return outcome;
    }),
  );
  expect(finished).toContain('done');
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 20 });
  const { rows } = await stored.pool.query('select count(*)::int as n from event where incarnation_id = $1', [
    place.incarnationId,
  ]);
  expect(rows).toEqual([{ n: 20 }]);
  await settleWhole(stored);
});

test('a cancelled job stops, and what it has done stays', async () => {
  const place = await stored.topic('cancelled');
  const event = prepareAs('before', place, recordOf(0n, mixed(4)));
  await stored.ingest.storeBatch(batchOf(place, [event]));
  const id = await newJob(stored);
  await storeOf(stored).begin(id);
  await stored.pool.query(`update job set state = 'cancelled' where id = $1`, [id]);
  expect(await storeOf(stored).step(id, prepare)).toBe('stopped');
  expect(await storeOf(stored).begin(id)).toBe('cancelled');
  const again = await newJob(stored);
  await run(stored, again);
  await settleWhole(stored);
});

test('a value that the database refuses now becomes a poison value, and takes no neighbour along', async () => {
  const place = await stored.topic('refused');
  const written = (offset: number): Written => ({
    before: { correlation: 'p', id: `p-${offset}` },
    now: { correlation: 'p', type: offset === 5 ? 'refuse me' : 'fine' },
  });
  const events = Array.from({ length: 9 }, (_, offset) =>
    prepareAs('before', place, recordOf(BigInt(offset), written(offset))),
  );
  await stored.ingest.storeBatch(batchOf(place, events));
  await stored.pool.query(`create function refuse_event() returns trigger language plpgsql as $$ begin
    if (select label from name where id = new.type_id) = 'refuse me' then raise exception 'refused' using errcode = '22P05';
    end if; return new; end $$`);
  await stored.pool.query(
    'create trigger refuse_event before insert on event for each row execute function refuse_event()',
  );
  await run(stored, await newJob(stored));
  await stored.pool.query('drop function refuse_event cascade');
  const { rows } = await stored.pool.query(
    `select e."offset"::int, e.reason, t.label as type, e.resolver_version as version
     from event e join name t on t.id = e.type_id where incarnation_id = $1 order by 1`,
    [place.incarnationId],
  );
  expect(rows.filter(({ reason }) => reason !== 0)).toEqual([{ offset: 5, reason: 9, type: 'refused', version: 2 }]);
  expect(rows.filter(({ type }) => type === 'fine')).toHaveLength(8);
  await settleWhole(stored);
});

test.each([
  { table: 'violation', column: 'sentence', now: { check: breaks({ ...errorAt('/a'), sentence: 'refuse me' }) } },
  { table: 'dead_letter', column: 'reason', now: { deadLetter: { reason: 'refuse me' } } },
])('a value that is refused as $column of $table becomes a poison value as well', async ({ table, column, now }) => {
  const place = await stored.topic(`refused-${column}`);
  const events = Array.from({ length: 3 }, (_, offset) => {
    const written = { before: { correlation: column }, now: offset === 1 ? { correlation: column, ...now } : {} };
    return prepareAs('before', place, recordOf(BigInt(offset), written));
  });
  await stored.ingest.storeBatch(batchOf(place, events));
  await stored.pool.query(`create function refuse_text() returns trigger language plpgsql as $$ begin
    if new.${column} = 'refuse me' then raise exception 'refused' using errcode = '22P05'; end if; return new; end $$`);
  await stored.pool.query(
    `create trigger refuse_text before insert on ${table} for each row execute function refuse_text()`,
  );
  await run(stored, await newJob(stored)).finally(() => stored.pool.query('drop function refuse_text cascade'));
  const { rows } = await stored.pool.query(
    'select "offset"::int from event where incarnation_id = $1 and reason = 9 order by 1',
    [place.incarnationId],
  );
  expect(rows).toEqual([{ offset: 1 }]);
  await settleWhole(stored);
});

test('what the database refuses of no event alone ends the step with its error, and nothing is written', async () => {
  const place = await stored.topic('count-refused');
  const written: Written = { before: { correlation: 'q' }, now: { correlation: 'q', type: 'other' } };
  await stored.ingest.storeBatch(batchOf(place, [prepareAs('before', place, recordOf(0n, written))]));
  const id = await newJob(stored);
  await stored.pool.query(`create function refuse_count() returns trigger language plpgsql as $$ begin
    raise exception 'refused' using errcode = '22003'; end $$`);
  await stored.pool.query(`create trigger refuse_count before insert on ingest_count for each row
    when (new.writer = '${id}') execute function refuse_count()`);
  await expect(run(stored, id)).rejects.toMatchObject({ code: '22003' });
  await stored.pool.query('drop function refuse_count cascade');
  await run(stored, id);
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', changed: 1 });
  await settleWhole(stored);
});

test('events whose payload has expired or is damaged keep what was read, and the version that read it', async () => {
  const place = await stored.topic('expired');
  const at = (day: number) => micros(NOON + day * DAY_US);
  for (const [offset, day] of [
    [0, 20],
    [1, 21],
    [2, 22],
  ] as const) {
    const event = prepareAs('before', place, recordOf(BigInt(offset), mixed(1)));
    await stored.ingest.storeBatch(batchOf(place, [event], at(day)));
  }
  await stored.pool.query(`insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
    values (1, 'payload', '2026-03-21', 1, 0, 0, 0, 'age')`);
  await stored.pool.query(`update segment_bytes set bytes = '\\x00' where stored_day = '2026-03-22'`);
  const id = await newJob(stored);
  await run(stored, id);
  const { rows } = await stored.pool.query(
    'select "offset"::int, resolver_version as version from event where incarnation_id = $1 order by 1',
    [place.incarnationId],
  );
  expect(rows).toEqual([
    { offset: 0, version: 1 },
    { offset: 1, version: 1 },
    { offset: 2, version: 2 },
  ]);
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 1 });
});

test('a job for a registry that answers again reads only what waited for it', async () => {
  const place = await stored.topic('waited');
  const events = [0, 1].map((offset) => prepareAs('now', place, recordOf(BigInt(offset), mixed(1))));
  const [first, second] = events;
  if (first === undefined || second === undefined) throw new Error('no events');
  await stored.ingest.storeBatch(batchOf(place, [{ ...first, reason: 'registry unreachable' }, second]));
  const { rows } = await stored.pool.query<{ id: string }>(
    `insert into job (workspace_id, kind, scope) values (1, 're-resolve', 'registry unreachable') returning id::text`,
  );
  const id = rows[0]?.id ?? '';
  await run(stored, id);
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 1, changed: 1 });
  const { rows: reasons } = await stored.pool.query('select reason from event where incarnation_id = $1', [
    place.incarnationId,
  ]);
  expect(reasons).toEqual([{ reason: 0 }, { reason: 0 }]);
});

test('a copy that merging has begun is thrown away, and none is begun while a job runs', async () => {
  await stored.pool.query(`create table segment_merged (like segment including all)`);
  await stored.pool.query(`create table segment_bytes_merged (like segment_bytes including all)`);
  await stored.pool.query(`insert into segment_merge (day, state) values ('2026-03-01', 'building')`);
  const merge = createMergeStore({ pool: stored.pool, restMs: 0 });
  const id = await newJob(stored);
  await storeOf(stored).begin(id);
  const { rows } = await stored.pool.query('select day from segment_merge');
  expect(rows).toEqual([]);
  expect(await merge.step()).toBe('idle');
  await stored.pool.query(`update job set state = 'done' where id = $1`, [id]);
  expect(await merge.step()).toBe('working');
});

test('a changed event is found by what it says now, and a trace without events by nothing', async () => {
  const place = await stored.topic('terms');
  const term = (value: string) => [{ kind: 'key', value }] as const;
  const written: Written = { before: { correlation: 'term-old' }, now: { correlation: 'term-new' } };
  const event = prepareAs('before', place, recordOf(0n, written));
  await stored.ingest.storeBatch(batchOf(place, [{ ...event, terms: term('k-old') }]));
  const id = await newJob(stored);
  await storeOf(stored).begin(id);
  const withTerms: PrepareStored = async (records, at) =>
    (await prepare(records, at)).map((each) => ({ ...each, terms: term('k-new') }));
  while ((await storeOf(stored).step(id, withTerms)) === 'working');
  await settleWhole(stored);
  const { rows } = await stored.pool.query(
    `select t.value, r.id_text from term t left join trace r using (trace_key) where t.value like 'k-%'`,
  );
  expect(rows).toEqual([{ value: 'k-new', id_text: 'term-new' }]);
  expect(await stored.reads.trace({ id: 'term-old' }, { includePayload: false, limit: 1 })).toBeNull();
});

test('dead letters are what the rules of now say, with their counts; those of an event that moved look for it again', async () => {
  const [letters, orders] = [await stored.topic('letters'), await stored.topic('moving')];
  const say = (fingerprint: string): EventSketch => ({
    correlation: 'l',
    deadLetter: { fingerprint, reason: fingerprint },
  });
  const written: Written[] = [
    { before: say('old'), now: say('new') },
    { before: { correlation: 'l' }, now: say('new') },
    { before: say('old'), now: { correlation: 'l' } },
  ];
  const events = written.map((each, offset) => prepareAs('before', letters, recordOf(BigInt(offset), each)));
  await stored.ingest.storeBatch(batchOf(letters, events));
  const original: Written = { before: { correlation: 'was' }, now: { correlation: 'is' } };
  await stored.ingest.storeBatch(batchOf(orders, [prepareAs('before', orders, recordOf(0n, original))]));
  const dlq = await stored.topic('moving.dlq');
  const deadLetter = { original: { topic: 'moving', partition: 0, offset: 0n, timestamp: null } };
  const after = { ...eventOf(dlq, 0n, { correlation: 'consumer', deadLetter }), resolverVersion: RULES.now };
  await stored.ingest.storeBatch(batchOf(dlq, [after]));
  expect(await findOriginals(stored.pool, 1)).toMatchObject({ found: 1 });
  await settleWhole(stored);
  const countOf = async (id: string) =>
    (await stored.reads.trace({ id }, { includePayload: false, limit: 1 }))?.dead_letter_count;
  expect(await countOf('was')).toBe(1);
  await run(stored, await newJob(stored));
  expect(await findOriginals(stored.pool, 1)).toMatchObject({ found: 1 });
  await settleWhole(stored);
  expect(await countOf('is')).toBe(1);
  const { rows } = await stored.pool.query(
    `select d."offset"::int, g.fingerprint from dead_letter d join dead_letter_group g on g.key = d.group_key
     where d.incarnation_id = $1 order by 1`,
    [letters.incarnationId],
  );
  expect(rows).toEqual([
    { offset: 0, fingerprint: 'new' },
    { offset: 1, fingerprint: 'new' },
  ]);
  const { rows: counts } = await stored.pool.query(
    `select g.fingerprint, sum(c.records)::int as n from dead_letter_count c join dead_letter_group g on g.key = c.group_key
     where g.incarnation_id = $1 group by 1 order by 1`,
    [letters.incarnationId],
  );
  expect(counts).toEqual([
    { fingerprint: 'new', n: 2 },
    { fingerprint: 'old', n: 0 },
  ]);
});

test('a dead letter that is none any more leaves the trace of its original, also where nothing else of that changes', async () => {
  const [orders, dlq] = [await stored.topic('untouched'), await stored.topic('untouched.dlq')];
  await stored.ingest.storeBatch(
    batchOf(orders, [{ ...eventOf(orders, 0n, { correlation: 'untouched' }), resolverVersion: RULES.now }]),
  );
  const deadLetter = { original: { topic: 'untouched', partition: 0, offset: 0n, timestamp: null } };
  const letter = { ...eventOf(dlq, 0n, { correlation: 'consumer-3', deadLetter }), resolverVersion: RULES.before };
  const raw = recordOf(0n, { before: {}, now: { correlation: 'consumer-3' } });
  await stored.ingest.storeBatch(batchOf(dlq, [{ ...letter, raw }]));
  expect(await findOriginals(stored.pool, 1)).toMatchObject({ found: 1 });
  await settleWhole(stored);
  const count = async () => {
    const { rows } = await stored.pool.query("select dead_letter_count as n from trace where id_text = 'untouched'");
    return rows[0].n;
  };
  expect(await count()).toBe(1);
  await run(stored, await newJob(stored));
  await settleWhole(stored);
  expect(await count()).toBe(0);
});

test('traces with events of a topic that is declared to be of another stage are settled again, though no row tells it', async () => {
  const same = { correlation: 'staged-anew', id: 'staged' };
  for (const name of ['again', 'plain']) {
    const place = await stored.topic(name);
    const sketch = { ...same, correlation: `${same.correlation}-${name}` };
    const event = prepareAs('before', place, recordOf(0n, { before: sketch, now: sketch }));
    await stored.ingest.storeBatch(batchOf(place, [event], micros(NOON)));
  }
  await settleWhole(stored);
  const id = await newJob(stored);
  const job = createReResolveStore({
    ...{ pool: stored.pool, workspaceId: 1, resolverVersion: async () => RULES.now },
    queues: createQueueNames({ ...NO_DEAD_LETTER_RULES, retries: ['^again$'] }),
  });
  expect(await job.begin(id)).toBe('running');
  while ((await job.step(id, prepare)) === 'working');
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 2, changed: 0 });
  const { rows } = await stored.pool.query('select trace_key::text as key from dirty_mark');
  expect(rows).toEqual([{ key: traceKey(1, 'correlation', 'staged-anew-again') }]);
  await settleWhole(stored);
});
