import type { PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEvaluator } from '../../alerts/create-evaluator.ts';
import type { AlertNotice } from '../../model/alert-notice.ts';
import type { StoredRule } from '../../model/alert-rule.ts';
import { NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import type { QueueReading } from '../../model/queue-reading.ts';
import { millis } from '../../model/time.ts';
import type { Leading } from '../../ports/leading.ts';
import { openStore, type TestStore } from '../store.test-support.ts';
import { createAlertReadings } from './alert-readings.ts';
import { createAlertStore } from './alert-store.ts';

let store: TestStore;
const clock = { value: Date.UTC(2026, 2, 1, 12), now: () => millis(clock.value) };
const RULE: StoredRule = {
  origin: 'throughline.yaml',
  written: { name: 'Deep', watch: 'dead_letter_depth', threshold: 100, receivers: ['ops'] },
};

/** What watch would see; a test moves it. */
let queues: QueueReading[] = [];
const queue = (high: number, more: { low?: number; triaged?: number | null; topic?: string } = {}): QueueReading => ({
  ...{
    cluster: 'test',
    topic: more.topic ?? 'x.dlq',
    lookedAt: clock.value,
    oldestAt: null,
    triageGroups: [],
    life: 1,
  },
  partitions: [{ partition: 0, low: more.low ?? 0, high, triaged: more.triaged ?? null }],
});

beforeAll(async () => {
  store = await openStore();
  await store.pool.query('create table told (at serial, fingerprint text, firing int, status text)');
});
beforeEach(async () => {
  await store.pool.query(
    'truncate alert, alert_transition, alert_rule_state, alert_rule, silence, alert_acknowledgement, queue_mark, told',
  );
  queues = [];
});
afterAll(() => store.close());

const tellTable = async (client: PoolClient, _workspace: number, notices: readonly AlertNotice[]): Promise<void> => {
  for (const { fingerprint, firing, status } of notices) {
    await client.query('insert into told (fingerprint, firing, status) values ($1, $2, $3)', [
      ...[fingerprint, firing, status],
    ]);
  }
};

/** How long a leader rests between rounds. */
const ROUND_MS = 1_000;
const stopping = new AbortController().signal;

function evaluator(rules: readonly StoredRule[] = [RULE], pool = store.pool): Leading {
  return createEvaluator({
    store: createAlertStore({ pool, workspaceId: 1, schedule: tellTable }),
    readings: createAlertReadings({
      ...{ pool: store.pool, workspaceId: 1, clock },
      objectives: { hops: [], flows: [], replies: [] },
      deadLetters: NO_DEAD_LETTER_RULES,
    }),
    queues: { readQueues: async () => queues },
    ownership: { owners: [], systems: [] },
    rules,
    clock,
    onFailure: (error) => {
      throw error;
    },
    onWorked: () => {},
  });
}

/** One round, some seconds after the one before. */
async function round(leading: Leading, seconds = 2): Promise<void> {
  clock.value += seconds * 1000;
  queues = queues.map((each) => ({ ...each, lookedAt: clock.value }));
  await leading.step(stopping);
}

const history = async () =>
  (
    await store.pool.query(`select from_state, to_state, firing from alert_transition
     where labels <> '{}' order by at, seq`)
  ).rows.map((row) => `${row.from_state} > ${row.to_state} ${row.firing}`);
const told = async () =>
  (await store.pool.query('select firing, status from told order by at')).rows.map(
    ({ firing, status }) => `${status} ${firing}`,
  );

test('the 101st record fires, a drained queue resolves it, and each is told once', async () => {
  const leading = evaluator();
  queues = [queue(100)];
  await round(leading);
  expect(await history()).toEqual([]);
  queues = [queue(101)];
  await round(leading);
  await round(leading, 11);
  expect(await told()).toEqual(['firing 1']);
  expect(await history()).toEqual(['inactive > firing 1']);
  queues = [queue(101, { triaged: 101 })];
  await round(leading);
  await round(leading, 11);
  expect(await history()).toEqual(['inactive > firing 1', 'firing > resolved 1']);
  expect(await told()).toEqual(['firing 1', 'resolved 1']);
  const { rows } = await store.pool.query('select labels, annotations, told from alert');
  expect(rows).toMatchObject([
    {
      labels: { queue: 'x.dlq', cluster: 'test' },
      annotations: { summary: 'x.dlq: dead letters that nobody has handled: 101 records, over 100 records' },
      told: {
        labels: { alertname: 'Deep', severity: 'warning', owner: 'no owner', queue: 'x.dlq' },
        receivers: ['ops'],
      },
    },
  ]);
  await leading.release();
});

test('retention that empties a queue is no recovery; marking it resolved is', async () => {
  const leading = evaluator();
  queues = [queue(150)];
  await round(leading);
  queues = [queue(150, { low: 150 })];
  await round(leading, 3600);
  expect(await history()).toEqual(['inactive > firing 1']);
  const { rows } = await store.pool.query<{ left: string; value: number }>(
    `select ledger->>'left' as left, value from alert`,
  );
  expect(rows).toEqual([{ left: '150', value: 150 }]);
  await store.pool.query(
    `insert into queue_mark (workspace_id, cluster, topic, at, life, offsets, author)
     values (1, 'test', 'x.dlq', to_timestamp($1), 1, '{"0": 150}', 'ann')`,
    [clock.value / 1000],
  );
  await round(leading);
  expect(await history()).toEqual(['inactive > firing 1', 'firing > resolved 1']);
  // What is below the mark is handled; only later records count.
  queues = [queue(250, { low: 150 })];
  await round(leading);
  queues = [queue(251, { low: 150 })];
  await round(leading);
  expect((await history()).at(-1)).toBe('resolved > firing 2');
  await leading.release();
});

test('a rule that is deleted and made again goes on at once, also when its state was forgotten meanwhile', async () => {
  const leading = evaluator([]);
  const make = () =>
    store.pool.query(
      `insert into alert_rule (workspace_id, origin, name, place, written) values (1, 'page', 'Deep', 0, $1)`,
      [JSON.stringify(RULE.written)],
    );
  const remove = () => store.pool.query('delete from alert_rule');
  await make();
  queues = [queue(150)];
  await round(leading);
  await remove();
  await round(leading);
  await make();
  await round(leading);
  expect(await history()).toEqual(['inactive > firing 1', 'firing > resolved 1', 'resolved > firing 2']);
  await remove();
  await round(leading);
  // What is long over is forgotten once an hour.
  await round(leading, 3600);
  await make();
  await round(leading);
  expect((await history()).at(-1)).toBe('resolved > firing 3');
  await leading.release();
});

test('a rule that had no data is made again long after it was deleted', async () => {
  const leading = evaluator([]);
  const make = () =>
    store.pool.query(
      `insert into alert_rule (workspace_id, origin, name, place, written) values (1, 'page', 'Behind', 0, $1)`,
      [JSON.stringify({ name: 'Behind', watch: 'tap_lag', threshold: '1m' })],
    );
  await make();
  await round(leading);
  await store.pool.query('delete from alert_rule');
  await round(leading, 3600);
  await make();
  await round(leading);
  const { rows } = await store.pool.query('select rule, health from alert_rule_state');
  expect(rows).toEqual([{ rule: 'Behind', health: 'no data' }]);
  await leading.release();
});

test('an alert that was inactive for long counts its firings on', async () => {
  const leading = evaluator();
  for (const high of [150, 300]) {
    queues = [queue(high, { triaged: high - 150 })];
    await round(leading);
    queues = [queue(high, { triaged: high })];
    await round(leading);
    await round(leading, 3600);
    await round(leading);
  }
  expect(await history()).toEqual([
    ...['inactive > firing 1', 'firing > resolved 1', 'resolved > inactive 1'],
    ...['inactive > firing 2', 'firing > resolved 2', 'resolved > inactive 2'],
  ]);
  await leading.release();
});

test('a queue that is deleted does not resolve its alert', async () => {
  const leading = evaluator();
  queues = [queue(150)];
  await round(leading);
  queues = [];
  await round(leading);
  await round(leading, 7200);
  expect(await history()).toEqual(['inactive > firing 1']);
  await leading.release();
});

test('what cannot be read is an error of the rule and of its alerts, and the other rules go on', async () => {
  const broken: StoredRule = {
    origin: 'page',
    written: { name: 'Broken', watch: 'dead_letter_depth', threshold: 'abc' },
  };
  const leading = evaluator([RULE, { ...broken, origin: 'built in' }]);
  queues = [queue(150)];
  await round(leading);
  const states = await store.pool.query('select rule, health, why from alert_rule_state order by rule');
  expect(states.rows).toEqual([
    {
      ...{ rule: 'Broken', health: 'error' },
      why: 'The rule cannot be used: threshold "abc" is no threshold for dead_letter_depth; write a number of records, e.g. 100.',
    },
    { rule: 'Deep', health: 'ok', why: null },
  ]);
  queues = [{ ...queue(150), lookedAt: null }];
  clock.value += 2000;
  await leading.step(stopping);
  expect(await history()).toEqual(['inactive > firing 1', 'firing > no data 1']);
  queues = [queue(150)];
  await round(leading);
  expect(await told()).toEqual(['firing 1']);
  await leading.release();
});

test('an alert that is silenced or acknowledged is withheld, and told again when that is over', async () => {
  const leading = evaluator();
  queues = [queue(150)];
  await round(leading);
  await store.pool.query(
    `insert into silence (workspace_id, matchers, from_at, until_at, reason, author)
     values (1, '[{"label":"queue","operator":"=~","value":"x.*"}]', to_timestamp($1), now() + interval '900 days', 'r', 'a')`,
    [clock.value / 1000],
  );
  await round(leading);
  await round(leading);
  expect(await told()).toEqual(['firing 1', 'withheld 1']);
  await store.pool.query('delete from silence');
  await round(leading);
  expect(await told()).toEqual(['firing 1', 'withheld 1', 'firing 1']);
  await store.pool.query(
    `insert into alert_acknowledgement select workspace_id, fingerprint, firing, now(), 'ann', null from alert`,
  );
  await round(leading);
  expect((await told()).at(-1)).toBe('withheld 1');
  // The next firing is another one.
  queues = [queue(150, { triaged: 150 })];
  await round(leading);
  queues = [queue(300, { triaged: 150 })];
  await round(leading);
  expect((await told()).slice(3)).toEqual(['withheld 1', 'resolved 1', 'firing 2']);
  await leading.release();
});

test('the end of a rule ends its alerts, and those who were told are told', async () => {
  const first = evaluator();
  queues = [queue(150)];
  await round(first);
  await first.release();
  const second = evaluator([]);
  await round(second);
  expect(await history()).toEqual(['inactive > firing 1', 'firing > resolved 1']);
  expect(await told()).toEqual(['firing 1', 'resolved 1']);
  await second.release();
});

test('one of two evaluators leads, and the other goes on where it stopped', async () => {
  const [first, second] = [evaluator(), evaluator()];
  queues = [queue(150)];
  await round(first);
  await round(second);
  await round(second);
  expect(await told()).toEqual(['firing 1']);
  await first.release();
  queues = [queue(150, { low: 140 })];
  await round(second);
  queues = [queue(150, { low: 140, triaged: 150 })];
  await round(second);
  expect(await history()).toEqual(['inactive > firing 1']);
  const { rows } = await store.pool.query(`select ledger->>'left' as left from alert`);
  expect(rows).toEqual([{ left: '140' }]);
  await second.release();
});

/** A pool whose connections are killed at the n-th statement: before it is run, or after it, when nobody hears the answer. */
function killedAt(
  n: number,
  when: 'before' | 'after',
): { readonly pool: typeof store.pool; readonly killed: () => boolean } {
  let count = 0;
  let done = false;
  const kill = async (pid: number): Promise<void> => {
    done = true;
    await store.pool.query('select pg_terminate_backend($1)', [pid]);
  };
  const connect = async (): Promise<PoolClient> => {
    const client = await store.pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const pid = rows[0]?.pid ?? 0;
    const query = async (...given: unknown[]): Promise<unknown> => {
      count += 1;
      const dies = count === n;
      if (dies && when === 'before') await kill(pid);
      const answer = await (client.query as (...all: unknown[]) => Promise<unknown>).apply(client, given);
      if (!dies || when === 'before') return answer;
      await kill(pid);
      throw new Error('the answer was lost');
    };
    return new Proxy(client, {
      get: (target, key) => {
        if (key === 'query') return query;
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return {
    pool: new Proxy(store.pool, { get: (target, key) => (key === 'connect' ? connect : Reflect.get(target, key)) }),
    killed: () => done,
  };
}

/** Two queues whose alerts fire, expire, resolve and fire again. */
async function play(pool: typeof store.pool, after: 'the same' | 'another' = 'the same'): Promise<void> {
  const steps: QueueReading[][] = [
    [queue(150), queue(110, { topic: 'y.dlq' })],
    [queue(160, { low: 120 }), queue(110, { topic: 'y.dlq', triaged: 110 })],
    [queue(160, { low: 120, triaged: 160 }), queue(300, { topic: 'y.dlq', triaged: 110 })],
  ];
  let leading = evaluator([RULE], pool);
  for (const step of steps) {
    queues = step;
    clock.value += 2000;
    queues = queues.map((each) => ({ ...each, lookedAt: clock.value }));
    for (let tries = 0; ; tries += 1) {
      try {
        // One that waits for the lead has done nothing: the lock of who was killed is freed in a moment.
        if ((await leading.step(stopping)) === ROUND_MS) break;
      } catch (error) {
        if (tries > 1000) throw error;
        leading.failed(error, AbortSignal.abort());
        await leading.release();
        if (after === 'another') leading = evaluator([RULE], pool);
      }
    }
  }
  await leading.release();
}

test('killed at any statement, no change is lost or made twice, and what is told is what changed', async () => {
  const everything = async () => {
    const ofAlerts = await store.pool.query(
      `select labels->>'queue' as queue, from_state, to_state, firing, extract(epoch from at) as at
       from alert_transition where labels <> '{}' order by 1, seq`,
    );
    const tellings = await store.pool.query('select fingerprint, firing, status from told order by 1, at');
    const alerts = await store.pool.query(
      `select fingerprint, phase, firing, ledger, value from alert order by fingerprint`,
    );
    return { history: ofAlerts.rows, told: tellings.rows, alerts: alerts.rows };
  };
  const began = clock.value;
  await play(store.pool);
  const wanted = await everything();
  expect(wanted.history).toHaveLength(4);
  let kills = 0;
  for (const when of ['before', 'after'] as const) {
    for (let n = 1; ; n += 1) {
      await store.pool.query('truncate alert, alert_transition, alert_rule_state, alert_rule, told');
      clock.value = began;
      const { pool, killed } = killedAt(n, when);
      // The process that was leading goes on, or another one takes over.
      await play(pool, n % 2 === 0 ? 'the same' : 'another');
      if (!killed()) break;
      kills += 1;
      expect(await everything(), `killed ${when} statement ${n}`).toEqual(wanted);
    }
  }
  expect(kills).toBeGreaterThan(50);
}, 180_000);
