import { afterAll, beforeAll, expect, test } from 'vitest';
import { createQueueNames, NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import type { StitchEvent } from '../../model/trace.ts';
import { traceKey } from '../../model/trace-key.ts';
import { shardOf } from '../../ports/settle-store.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { createSettleStore } from './settle-store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** The events of a trace as settle gets them; the settling is given up then. */
async function readBySettle(correlation: string, from = store.settle): Promise<readonly StitchEvent[]> {
  let read: readonly StitchEvent[] = [];
  const shard = shardOf(traceKey(1, 'correlation', correlation));
  const settling = from.settleShard(shard, { limit: 10, quietMs: 0 }, (open) => {
    read = open.flatMap((trace) => trace.events);
    throw new Error('enough');
  });
  await expect(settling).rejects.toThrow('enough');
  return read;
}

test('settle gets the type, the spans as signed integers, and on which stage an event is', async () => {
  const orders = await store.topic('orders');
  const retries = await store.topic('orders-retry-1');
  const sketch = { correlation: 'staged', type: 'price-requested' };
  await store.ingest.storeBatch(
    batchOf(orders, [
      { ...eventOf(orders, 0n, sketch), spanId: 'ffffffffffffffff', parentSpanId: '00000000000000ff' },
      { ...eventOf(orders, 1n, sketch), flags: ['dead_letter'] },
    ]),
  );
  await store.ingest.storeBatch(batchOf(retries, [eventOf(retries, 0n, sketch)]));
  const read = await readBySettle('staged');
  const said = read.map(({ topicKind, topicBase, deadLetter, typeText, span, parentSpan }) =>
    [topicKind, topicBase, deadLetter, typeText, span, parentSpan].join(' '),
  );
  expect(said.sort()).toEqual([
    'events orders false price-requested -1 255',
    'events orders true price-requested  ',
    'retry orders false price-requested  ',
  ]);
});

test('what is declared of topics holds for what settle gets, and names alone say nothing of a record', async () => {
  const sketch = { correlation: 'declared', type: 'price-requested' };
  const declared = createQueueNames({ ...NO_DEAD_LETTER_RULES, retries: ['^again$'], ignore: ['^audit.dlq$'] });
  for (const name of ['again', 'audit.dlq']) {
    const topic = await store.topic(name);
    await store.ingest.storeBatch(batchOf(topic, [eventOf(topic, 0n, sketch)]));
  }
  const settle = createSettleStore({ pool: store.pool, workspaceId: 1, queues: declared });
  const read = await readBySettle('declared', settle);
  expect(read.map(({ topic, topicKind, deadLetter }) => [topic, topicKind, deadLetter].join(' ')).sort()).toEqual([
    'again retry false',
    'audit.dlq events false',
  ]);
});
