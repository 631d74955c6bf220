import { expect, test } from 'vitest';
import { until } from '../../e2e/support/until.ts';
import type { Source } from '../ports/source.ts';
import { createMemorySink, type MemorySink } from './memory-sink.test-support.ts';

/** One adapter under test, with at least 20 records on partition 0 of its first topic. */
export interface SourceUnderTest {
  readonly topic: string;
  /** A source over the same records; each call makes another process. */
  create(): Source;
  /** Number of records to wait for, over all partitions of `topic`. */
  readonly count: number;
}

/** What every source promises its sink. */
export function sourceContract(name: string, prepare: () => Promise<SourceUnderTest>): void {
  test(`${name} delivers each record once, in order per partition`, async () => {
    const subject = await prepare();
    const sink = createMemorySink();
    const source = subject.create();
    await source.start(sink);
    await untilCount(sink, subject);
    await source.stop();
    expect(sink.violations).toEqual([]);
    expectOnce(sink, subject.topic);
  });

  test(`${name} goes on at the stored position`, async () => {
    const subject = await prepare();
    const sink = createMemorySink();
    const first = subject.create();
    await first.start(sink);
    await untilCount(sink, subject);
    await first.stop();
    const before = sink.batches.length;
    sink.move(subject.topic, 0, 5n);
    const again = subject.create();
    await again.start(sink);
    await until('the records after the stored position', async () => sink.batches.length > before);
    await again.stop();
    expect(sink.batches[before]?.records[0]?.offset).toBe(5n);
    expect(sink.violations).toEqual([]);
  });

  test(`${name} loses nothing while the sink fails`, async () => {
    const subject = await prepare();
    const sink = createMemorySink();
    const deliver = sink.deliver;
    let failures = 0;
    sink.deliver = (batch) => {
      if (failures >= 3) return deliver(batch);
      failures += 1;
      return Promise.reject(new SyntaxError('as a bad statement would'));
    };
    const source = subject.create();
    await source.start(sink);
    await untilCount(sink, subject);
    await source.stop();
    expect(failures).toBe(3);
    expect(sink.violations).toEqual([]);
    expectOnce(sink, subject.topic);
  });

  test(`${name} goes where the sink says the partition stands`, async () => {
    const subject = await prepare();
    const sink = createMemorySink();
    const deliver = sink.deliver;
    let moved = false;
    sink.deliver = (batch) => {
      if (moved || batch.topic !== subject.topic || batch.partition !== 0) return deliver(batch);
      moved = true;
      sink.move(subject.topic, 0, 7n);
      return Promise.resolve({ kind: 'moved', nextOffset: 7n });
    };
    const source = subject.create();
    await source.start(sink);
    await until('records after the move', async () => (sink.stored(subject.topic).get(0)?.length ?? 0) > 0);
    await source.stop();
    expect(sink.stored(subject.topic).get(0)?.[0]?.offset).toBe(7n);
    expect(sink.violations).toEqual([]);
  });

  test(`${name} stops while the sink is away, and says nothing afterwards`, async () => {
    const subject = await prepare();
    const sink = createMemorySink();
    const source = subject.create();
    await source.start(sink);
    await untilCount(sink, subject);
    sink.away = true;
    await source.stop();
    const batches = sink.batches.length;
    sink.away = false;
    await new Promise((resolve) => setImmediate(resolve));
    expect(sink.batches.length).toBe(batches);
  });
}

async function untilCount(sink: MemorySink, { topic, count }: SourceUnderTest): Promise<void> {
  await until(`${count} records of ${topic}`, async () => sink.all(topic).length >= count);
}

function expectOnce(sink: MemorySink, topic: string): void {
  for (const [partition, records] of sink.stored(topic)) {
    const offsets = records.map(({ offset }) => offset);
    expect(new Set(offsets).size, `partition ${partition}`).toBe(offsets.length);
    expect(offsets).toEqual([...offsets].sort((a, b) => (a < b ? -1 : 1)));
  }
}
