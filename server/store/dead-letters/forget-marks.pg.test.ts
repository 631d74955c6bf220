import { expect, onTestFinished, test } from 'vitest';
import { createQueueNames, NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import { micros } from '../../model/time.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { createRetentionStore } from '../retention/retention-store.ts';
import { batchOf, eventOf, NOON, openStore, stitchAll } from '../store.test-support.ts';
import { findOriginals } from './find-originals.ts';
import { writeMark } from './marks.ts';

const DAY_MS = 86_400_000;
const POLICY = {
  ageMs: { payload: 2 * DAY_MS, events: 10 * DAY_MS, aggregates: 40 * DAY_MS },
  ...{ payloadBytes: null, totalBytes: null },
};

test('what was said of dead letters goes with them, and of a queue with its topic', async () => {
  const store = await openStore();
  onTestFinished(() => store.close());
  const { pool } = store;
  const [kept, gone] = [await store.topic('kept.dlq'), await store.topic('gone.dlq')];
  const arrive = (place: TopicPartition, offset: number, reason: string, day: number) => {
    const deadLetter = { reason, fingerprint: reason, errorClass: 'E' };
    const event = eventOf(place, BigInt(offset), { correlation: `${reason} ${offset}`, deadLetter });
    return store.ingest.storeBatch(batchOf(place, [event], micros(NOON + day * DAY_MS * 1000)));
  };
  await arrive(kept, 0, 'a', 0);
  await arrive(kept, 1, 'b', 1);
  await arrive(gone, 0, 'c', 0);
  await store.settleAll();
  const names = createQueueNames(NO_DEAD_LETTER_RULES);
  const { rows: groups } = await pool.query<{ topic: string; reason: string }>(
    `select i.topic, g.reason_key::text as reason from dead_letter_group g join incarnation i on i.id = g.incarnation_id`,
  );
  const said = [
    ...groups,
    ...['kept.dlq~1/0/0', 'kept.dlq~1/0/1', 'gone.dlq~1/0/0'].map((record) => {
      return { topic: record.slice(0, 8), record: `test/${record}` };
    }),
    ...[{ topic: 'kept.dlq' }, { topic: 'gone.dlq' }],
  ];
  for (const mark of said) {
    expect(await writeMark(pool, { workspaceId: 1, names }, { ...mark, state: 'resolved' })).toBe(true);
  }
  await pool.query(`update incarnation set gone_at = now() where id = $1`, [gone.incarnationId]);
  const marks = async () => {
    const { rows } = await pool.query<{ mark: string }>(
      `select i.topic || ' ' || split_part(m.target, ':', 1) as mark from dead_letter_mark m
       join incarnation i on i.id = m.incarnation_id
       union all select topic || ' for alerts' from queue_mark order by 1`,
    );
    return rows.map(({ mark }) => mark);
  };
  expect(await marks()).toHaveLength(10);
  const now = () => NOON / 1000 + 11 * DAY_MS;
  await createRetentionStore({ pool, settle: stitchAll, now }).expire(POLICY);
  expect(await marks()).toEqual(['kept.dlq for alerts', 'kept.dlq queue', 'kept.dlq reason', 'kept.dlq record']);
});

test('the trace of an original that goes on loses the dead letters that are gone', async () => {
  const store = await openStore();
  onTestFinished(() => store.close());
  const { pool } = store;
  const [orders, dlq] = [await store.topic('orders'), await store.topic('orders.dlq')];
  const day = (n: number) => micros(NOON + n * DAY_MS * 1000);
  const deadLetter = { original: { topic: 'orders', partition: 0, offset: 0n, timestamp: null } };
  // The queue was read a day before the topic.
  await store.ingest.storeBatch(batchOf(dlq, [eventOf(dlq, 0n, { correlation: 'other', deadLetter })], day(0)));
  await store.ingest.storeBatch(batchOf(orders, [eventOf(orders, 0n, { correlation: 'order' })], day(1)));
  await findOriginals(pool, 1);
  const count = async () => {
    await store.settleAll();
    const { rows } = await pool.query("select dead_letter_count as n from trace where id_text = 'order'");
    return rows[0]?.n;
  };
  expect(await count()).toBe(1);
  await createRetentionStore({ pool, settle: stitchAll, now: () => NOON / 1000 + 11 * DAY_MS }).expire(POLICY);
  expect(await count()).toBe(0);
});
