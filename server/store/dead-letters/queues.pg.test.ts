import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import { micros } from '../../model/time.ts';
import { compareLetter } from '../../pipeline/compare-letter.ts';
import { createReading } from '../../pipeline/reading.ts';
import { resolveRecord } from '../../pipeline/resolve-record.ts';
import type { DeadLetterFilter } from '../../ports/dead-letters.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { createDeadLetters } from './dead-letters.ts';
import { findOriginals } from './find-originals.ts';
import { createQueueReadings } from './queue-readings.ts';

const RULES = {
  ...NO_DEAD_LETTER_RULES,
  queues: ['graveyard'],
  triage: [{ queue: '^triaged', groups: ['fast', 'slow', 'throughline'] }],
};

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const reading = createReading([], [], RULES);

/** Reads of a process that remembers nothing. */
const letters = () =>
  createDeadLetters({
    ...{ pool: store.pool, workspaceId: 1, rules: RULES, ownership: { owners: [], systems: [] } },
    clock: { now: () => store.now.value },
    openReader: () => ({
      read: (record, topic) => ({ ...resolveRecord(record, topic, reading), registry: null }),
      fetchMissing: async () => false,
    }),
    compare: compareLetter,
    asOf: () => store.reads.asOf(),
  });

const queueOf = async (topic: string) => {
  const { queues, others } = await letters().queues();
  return [...queues, ...others].find((queue) => queue.topic === topic);
};

const asked = (topic: string, more: Partial<DeadLetterFilter> = {}): DeadLetterFilter => ({
  ...{ topic, from: micros(NOON - 3_600e6), to: micros(NOON + 3_600e6), groupBy: 'reason', limit: 50, ...more },
});

/** What a look of watch left of the ends of a partition. */
async function sawEnds(place: TopicPartition, low: number, high: number): Promise<void> {
  await store.pool.query(
    `insert into watermark (incarnation_id, partition, low, high, moved_at) values ($1, 0, $2, $3, now())
     on conflict (incarnation_id, partition) do update set low = excluded.low, high = excluded.high`,
    [place.incarnationId, low, high],
  );
}

async function committed(place: TopicPartition, group: string, offset: number, own = false): Promise<void> {
  const { rows } = await store.pool.query<{ id: number }>(
    `insert into consumer_group (workspace_id, cluster_id, name, digest, label, own, protocol_type, members, first_seen_at)
     values (1, $1, convert_to($2, 'UTF8'), sha256(convert_to($2, 'UTF8')), $2, $3, 'consumer', '[]', now())
     on conflict (cluster_id, digest) do update set label = excluded.label returning id`,
    [store.clusterId, group, own],
  );
  await store.pool.query(
    `insert into committed_offset (group_id, incarnation_id, partition, committed, seen_at, changed_at)
     values ($1, $2, 0, $3, now(), now())`,
    [rows[0]?.id, place.incarnationId, offset],
  );
}

const letterOf = (
  place: TopicPartition,
  offset: number,
  reason = 'no such order 7',
  fingerprint = 'no such order <n>',
) =>
  eventOf(place, BigInt(offset), { correlation: `l-${offset}`, deadLetter: { reason, fingerprint, errorClass: 'E' } });

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test('a queue is as deep as its log; what we have of it stands beside that, and why it is another number', async () => {
  const place = await store.topic('deep.dlq');
  const events = range(2, 6).map((offset) => letterOf(place, offset));
  await store.ingest.storeBatch({ ...batchOf(place, events), expectedOffset: 0n });
  await store.ingest.storeHole({ ...place, fromOffset: 6n, toOffset: 8n, reason: 'retention' }, null);
  await sawEnds(place, 1, 11);
  expect(await queueOf('deep.dlq')).toMatchObject({
    ...{ kind: 'dead letter', by: 'name', depth: '10', held: '10', stored: '4' },
    difference:
      'Of the offsets that the broker counts, 3 not read yet, 2 in holes, 1 without a dead letter of ours: marks that transactions leave, or records stored before dead letters were told apart',
    ...{ oldest_at: '2026-03-01T12:00:00.002000Z', main_reason: 'no such order <n>' },
    arrivals_per_min: 4 / 60,
    ...{ triage_groups: [], expires_in_s: null, expires_why: 'How long the broker keeps its records is not known yet' },
  });
});

test('a triage group’s commits make it less deep, of several the lowest, and the tap’s own never count', async () => {
  const place = await store.topic('triaged.dlq');
  await store.ingest.storeBatch(
    batchOf(
      place,
      range(0, 10).map((offset) => letterOf(place, offset)),
    ),
  );
  await sawEnds(place, 0, 10);
  expect(await queueOf('triaged.dlq')).toMatchObject({ depth: '10', stored: '10', difference: null });
  await committed(place, 'throughline', 9, true);
  expect(await queueOf('triaged.dlq')).toMatchObject({ depth: '10' });
  await committed(place, 'fast', 8);
  expect(await queueOf('triaged.dlq')).toMatchObject({ depth: '2', held: '10', stored: '2' });
  await committed(place, 'slow', 3);
  const queue = await queueOf('triaged.dlq');
  expect(queue).toMatchObject({ depth: '7', stored: '7', oldest_at: '2026-03-01T12:00:00.003000Z' });
  expect(queue?.triage_groups).toEqual([
    { group: 'fast', committed: true },
    { group: 'slow', committed: true },
    { group: 'throughline', committed: false },
  ]);
  // Retention that empties it is no work done, but there is nothing left to work on.
  await sawEnds(place, 10, 10);
  expect(await queueOf('triaged.dlq')).toMatchObject({ depth: '0', oldest_at: null, difference: null });
});

test('the oldest expires by the retention of its topic', async () => {
  const place = await store.topic('expiring.dlq');
  await store.ingest.storeBatch(batchOf(place, [letterOf(place, 0)]));
  await sawEnds(place, 0, 1);
  const configured = (retention: number, policy: string) =>
    store.pool.query(
      `insert into topic_config values ($1, $2, $3, false, null, now())
       on conflict (incarnation_id) do update set retention_ms = excluded.retention_ms, cleanup_policy = excluded.cleanup_policy`,
      [place.incarnationId, retention, policy],
    );
  await configured(90_000, 'delete');
  expect(await queueOf('expiring.dlq')).toMatchObject({ oldest_age_s: 60, expires_in_s: 30, expires_why: null });
  await configured(-1, 'delete');
  expect(await queueOf('expiring.dlq')).toMatchObject({ expires_why: 'The broker keeps its records for ever' });
  await configured(90_000, 'compact');
  expect((await queueOf('expiring.dlq'))?.expires_why).toContain('It is compacted');
});

test('mirrors, quarantine and stages are listed and never counted; records and the broker make queues too', async () => {
  for (const [topic, high] of [
    ['onex.evt.platform.dlq-message.v1', 5],
    ['onex.dlq.omnibase-infra.quarantine.v1', 6],
    ['orders-retry-1', 7],
    ['graveyard', 8],
    ['marked-by-the-broker', 9],
    ['holds-some', 10],
    ['holds-none', 11],
  ] as const) {
    const place = await store.topic(topic);
    await sawEnds(place, 0, high);
    if (topic === 'holds-some') await store.ingest.storeBatch(batchOf(place, [letterOf(place, 0)]));
    if (topic === 'marked-by-the-broker') {
      await store.pool.query('insert into topic_config values ($1, null, null, true, null, now())', [
        place.incarnationId,
      ]);
    }
  }
  const { queues, others, total } = await letters().queues();
  const kinds = [...queues, ...others].flatMap(({ topic, kind, by }) =>
    /dlq$/.test(topic) ? [] : [[topic, kind, by]],
  );
  expect(kinds.sort()).toEqual([
    ['graveyard', 'dead letter', 'declaration'],
    ['holds-some', 'dead letter', 'records'],
    ['marked-by-the-broker', 'dead letter', 'broker config'],
    ['onex.dlq.omnibase-infra.quarantine.v1', 'quarantine', 'name'],
    ['onex.evt.platform.dlq-message.v1', 'mirror', 'name'],
    ['orders-retry-1', 'retry', 'name'],
  ]);
  expect(total.depth).toBe(`${queues.reduce((all, { depth }) => all + Number(depth), 0)}`);
  const readings = await createQueueReadings({ pool: store.pool, workspaceId: 1, rules: RULES }).readQueues();
  expect(readings.map(({ topic }) => topic).sort()).toEqual(queues.map(({ topic }) => topic).sort());
  const graveyard = readings.find(({ topic }) => topic === 'graveyard');
  expect(graveyard).toMatchObject({ partitions: [{ partition: 0, low: 0, high: 8, triaged: null }], oldestAt: null });
});

test('dead letters are in groups by what they say, and listed page by page, newest first', async () => {
  const place = await store.topic('grouped.dlq');
  const letter = (offset: number, fingerprint: string, errorClass: string, topic: string | null) =>
    eventOf(place, BigInt(offset), {
      ...{ correlation: `g-${offset}`, type: `t-${offset % 2}`, service: offset === 4 ? null : 'shop' },
      deadLetter: {
        ...{ fingerprint, reason: `${fingerprint} ${offset}`, errorClass },
        original: { topic, partition: null, offset: null, timestamp: null },
      },
    });
  const events = [
    ...[letter(0, 'a', 'E', 'orders'), letter(1, 'b', 'E', 'orders'), letter(2, 'a', 'F', null)],
    ...[letter(3, 'a', 'E', 'orders'), letter(4, 'b', 'E', 'payments')],
  ];
  await store.ingest.storeBatch(batchOf(place, events));
  const groupsBy = async (groupBy: DeadLetterFilter['groupBy']) =>
    (await letters().queue(asked('grouped.dlq', { groupBy })))?.groups.map(({ value, count }) => [value, count]);
  expect(await groupsBy('reason')).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  expect(await groupsBy('error_class')).toEqual([
    ['E', 4],
    ['F', 1],
  ]);
  expect((await groupsBy('original_topic'))?.sort()).toEqual([
    [null, 1],
    ['orders', 3],
    ['payments', 1],
  ]);
  expect((await groupsBy('service'))?.sort()).toEqual([
    [null, 1],
    ['shop', 4],
  ]);
  expect((await groupsBy('event_type'))?.sort()).toEqual([
    ['t-0', 3],
    ['t-1', 2],
  ]);
  const whole = await letters().queue(asked('grouped.dlq'));
  expect(whole?.groups[0]).toMatchObject({
    ...{ newest_reason: 'a 3', error_classes: ['E', 'F'], first_seen: '2026-03-01T12:00:00.000000Z' },
    last_seen: '2026-03-01T12:00:00.003000Z',
  });
  expect(whole?.groups[0]?.trend.reduce((all, each) => all + each, 0)).toBe(3);
  const offsets: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await letters().queue(asked('grouped.dlq', { limit: 2, ...(cursor !== undefined && { cursor }) }));
    offsets.push(...(page?.records.map(({ offset }) => offset) ?? []));
    cursor = page?.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(offsets).toEqual(['4', '3', '2', '1', '0']);
  const listed = async (more: Partial<DeadLetterFilter>) =>
    (await letters().queue(asked('grouped.dlq', more)))?.records.map(({ offset }) => offset);
  const reason = whole?.groups[1]?.key ?? '';
  expect(await listed({ reason })).toEqual(['4', '1']);
  expect(await listed({ errorClass: 'F' })).toEqual(['2']);
  expect(await listed({ without: 'original_topic' })).toEqual(['2']);
  expect(await listed({ without: 'service' })).toEqual(['4']);
  expect(await listed({ originalTopic: 'orders', eventType: 't-1' })).toEqual(['3', '1']);
  expect(await listed({ service: 'nobody' })).toEqual([]);
  await expect(letters().queue(asked('grouped.dlq', { cursor: 'x' }))).rejects.toMatchObject({ code: 'bad_cursor' });
  expect(await letters().queue(asked('grouped'))).toBeNull();
});

test('a queue, a reason and a record are marked', async () => {
  const place = await store.topic('marked.dlq');
  await store.ingest.storeBatch(batchOf(place, [letterOf(place, 0)]));
  const ask = letters();
  const read = () => letters().queue(asked('marked.dlq'));
  const key = (await read())?.groups[0]?.key ?? '';
  expect(await ask.mark({ topic: 'marked.dlq', state: 'acknowledged', note: 'mine\0' })).toBe(true);
  expect(await ask.mark({ topic: 'marked.dlq', reason: key, state: 'resolved' })).toBe(true);
  expect(
    await ask.mark({ topic: 'marked.dlq', record: 'test/marked.dlq~1/0/0', state: 'resolved', note: 'done' }),
  ).toBe(true);
  expect(await ask.mark({ topic: 'marked', state: 'resolved' })).toBe(false);
  expect(await ask.mark({ topic: 'marked.dlq', reason: 'f'.repeat(32), state: 'resolved' })).toBe(false);
  expect(await ask.mark({ topic: 'marked.dlq', record: 'test/marked.dlq~1/0/7', state: 'resolved' })).toBe(false);
  expect(await ask.mark({ topic: 'other.dlq', record: 'test/marked.dlq~1/0/0', state: 'resolved' })).toBe(false);
  expect(await read()).toMatchObject({
    queue: { mark: { state: 'acknowledged', note: 'mine␀' } },
    groups: [{ mark: { state: 'resolved' } }],
    records: [{ mark: { state: 'resolved', note: 'done' } }],
  });
});

test('a queue is resolved up to the ends that its page shows', async () => {
  const place = await store.topic('ended.dlq');
  await store.ingest.storeBatch(
    batchOf(
      place,
      [0, 1, 2].map((offset) => letterOf(place, offset)),
    ),
  );
  const resolved = async () => {
    await letters().mark({ topic: 'ended.dlq', state: 'resolved' });
    const { rows } = await store.pool.query(`select offsets from queue_mark where topic = 'ended.dlq'`);
    const shown = (await letters().queue(asked('ended.dlq')))?.partitions.map(({ high }) => Number(high));
    return [rows[0]?.offsets['0'], ...(shown ?? [])];
  };
  // What the tap heard of the end is older than what it has read.
  await store.pool.query('update partition_state set high = 1, low = 0 where incarnation_id = $1', [
    place.incarnationId,
  ]);
  expect(await resolved()).toEqual([3, 3]);
  // It hears of more before watch looks again.
  await sawEnds(place, 0, 3);
  await store.pool.query('update partition_state set high = 5 where incarnation_id = $1', [place.incarnationId]);
  expect(await resolved()).toEqual([3, 3]);
});

test('what comes late under an older time brings back what was resolved; a time ahead of ours does not', async () => {
  const place = await store.topic('late.dlq');
  const stamped = (offset: number, at: number) => ({ ...letterOf(place, offset), recordedAt: micros(at) });
  await store.ingest.storeBatch(batchOf(place, [stamped(0, NOON + 3_000e6)]));
  const ask = letters();
  const marks = async () => {
    const read = await letters().queue(asked('late.dlq'));
    return [read?.queue.mark?.state, read?.groups[0]?.mark?.state];
  };
  const key = (await letters().queue(asked('late.dlq')))?.groups[0]?.key ?? '';
  await ask.mark({ topic: 'late.dlq', state: 'resolved' });
  await ask.mark({ topic: 'late.dlq', reason: key, state: 'resolved' });
  await store.pool.query(`update dead_letter_mark set since = '2026-03-01T12:01Z' where incarnation_id = $1`, [
    place.incarnationId,
  ]);
  expect(await marks()).toEqual(['resolved', 'resolved']);
  await store.ingest.storeBatch(batchOf(place, [stamped(1, NOON - 3_000e6)], micros(NOON + 120e6)));
  expect(await marks()).toEqual(['back', 'back']);
});

test('a dead letter is shown beside its original, with what changed on the way, and its siblings', async () => {
  const [orders, dlq, later] = [
    await store.topic('shown'),
    await store.topic('shown.dlq'),
    await store.topic('shown-2.dlq'),
  ];
  const value = Buffer.from('{"correlation_id":"buyer-7","amount":1,"note":"a"}');
  await store.ingest.storeBatch(batchOf(orders, [eventOf(orders, 0n, { correlation: 'buyer-7', value })]));
  const original = { topic: 'shown', partition: 0, offset: 0n, timestamp: null };
  const wrap = (inside: unknown) => Buffer.from(JSON.stringify({ original_event: inside, error: 'no' }));
  const bodies = [
    ['same', wrap({ note: 'a', amount: 1, correlation_id: 'buyer-7' })],
    ['changed', wrap({ correlation_id: 'buyer-7', amount: 2, more: true })],
    ['same', value],
    ['nothing inside', null],
    ['not comparable', Buffer.from([0xff, 0xfe, 1])],
  ] as const;
  const deadLetter = { original, failedIn: 'billing' };
  const events = bodies.map(([, body], at) =>
    eventOf(dlq, BigInt(at), { correlation: 'of-billing', value: body, deadLetter }),
  );
  await store.ingest.storeBatch(batchOf(dlq, events));
  await store.ingest.storeBatch(batchOf(later, [eventOf(later, 0n, { correlation: null, deadLetter })]));
  const gone = { original: { ...original, topic: 'nowhere' } };
  await store.ingest.storeBatch(batchOf(later, [eventOf(later, 1n, { correlation: null, deadLetter: gone })]));
  expect(await letters().record('test/shown.dlq~1/0/0')).toMatchObject({
    comparison: { why: 'The tap has not read the original yet' },
  });
  expect(await findOriginals(store.pool, 1)).toMatchObject({ found: 6 });
  await store.settleAll();
  for (const [at, [result]] of bodies.entries()) {
    expect((await letters().record(`test/shown.dlq~1/0/${at}`))?.comparison.result).toBe(result);
  }
  expect(await letters().record('test/shown.dlq~1/0/1')).toMatchObject({
    record: {
      ...{ original_state: 'stored', original_id: 'test/shown~1/0/0', correlation_id: 'buyer-7' },
      correlation_origin: 'by coordinates',
    },
    original: { id: 'test/shown~1/0/0', payload: { text: value.toString() } },
    ...{ inside_at: '/original_event', inside: { text: '{"correlation_id":"buyer-7","amount":2,"more":true}' } },
    comparison: {
      by: 'billing',
      differences: [
        { path: '/amount', what: 'changed', was: '1', is: '2' },
        { path: '/note', what: 'removed', was: '"a"', is: null },
        { path: '/more', what: 'added', was: null, is: 'true' },
      ],
    },
  });
  expect((await letters().record('test/shown.dlq~1/0/0'))?.siblings.map(({ id }) => id).sort()).toEqual([
    ...['test/shown-2.dlq~1/0/0', 'test/shown.dlq~1/0/1', 'test/shown.dlq~1/0/2'],
    ...['test/shown.dlq~1/0/3', 'test/shown.dlq~1/0/4'],
  ]);
  expect(await letters().record('test/shown-2.dlq~1/0/1')).toMatchObject({
    record: { original_state: 'unknown topic', original_id: null, correlation_id: null, correlation_origin: null },
    comparison: { result: 'gone', why: 'No topic of that name was ever seen' },
  });
  expect(await letters().record('test/shown~1/0/0')).toBeNull();
  const trace = await store.reads.trace({ id: 'buyer-7' }, { includePayload: false, limit: 10 });
  expect(trace).toMatchObject({ event_count: 1, dead_letter_count: 6, status: 'failed' });
  expect(trace?.dead_letters.map(({ topic, offset }) => `${topic} ${offset}`)).toHaveLength(6);
  const found = await store.reads.traces({
    has: 'dead_letter',
    topic: 'shown',
    singles: 'all',
    includeLine: false,
    limit: 5,
  });
  expect(found.traces.map((each) => each.correlation_id)).toEqual(['buyer-7']);
});

test('what failed without a dead letter stands beside the queues', async () => {
  const [orders, dlq] = [await store.topic('failing'), await store.topic('failing.dlq')];
  await store.ingest.storeBatch(
    batchOf(orders, [
      eventOf(orders, 0n, { correlation: 'f-0', type: 'order.failed' }),
      eventOf(orders, 1n, { correlation: 'f-1', type: 'order.failed' }),
      eventOf(orders, 2n, { correlation: 'f-2', type: 'omnibase-infra.runtime-error' }),
      eventOf(orders, 3n, { correlation: 'f-3', type: 'order.placed' }),
    ]),
  );
  await store.ingest.storeBatch(batchOf(dlq, [eventOf(dlq, 0n, { correlation: 'f-1', deadLetter: {} })]));
  await store.settleAll();
  const { without_dead_letter: failures } = await letters().queues();
  expect(failures).toMatchObject([
    {
      kind: 'runtime error',
      event_type: 'omnibase-infra.runtime-error',
      count: 1,
      exemplars: [{ correlation_id: 'f-2' }],
    },
    { kind: 'error event', event_type: 'order.failed', count: 1, exemplars: [{ correlation_id: 'f-0' }] },
  ]);
});
