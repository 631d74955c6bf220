import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { createReading } from '../pipeline/reading.ts';
import type { IngestStore, PreparedBatch } from '../ports/ingest-store.ts';
import type { SourceBatch } from '../ports/source.ts';
import { createIngest, UnknownPartitionError } from './create-ingest.ts';
import { createPreparer } from './prepare-records.ts';

const ORDERS = { incarnationId: 7, topic: 'orders', partition: 0 };

function fakeStore(position: bigint | null) {
  let next = position;
  let owner = 0n;
  const batches: PreparedBatch[] = [];
  const store: IngestStore = {
    registerCluster: async () => 1,
    registerTopics: async (_cluster, topics) =>
      topics.map((topic) => ({ ...topic, incarnationId: 7, n: 1, firstStart: null })),
    positions: async (partitions) => partitions.map((partition) => ({ ...partition, nextOffset: next })),
    begin: async ([position]) => {
      next ??= position?.nextOffset ?? null;
    },
    claim: async (partitions, { generation }) => {
      owner = BigInt(generation);
      return partitions.map((each) => ({
        ...each,
        nextOffset: next ?? 0n,
        backfillEnd: null,
        leaderEpoch: null,
        owner: BigInt(generation),
      }));
    },
    storeBatch: async (batch) => {
      if (batch.owner !== null && batch.owner < owner) return { kind: 'lost' };
      if (batch.expectedOffset !== next) return { kind: 'moved', nextOffset: next ?? 0n };
      batches.push(batch);
      next = batch.nextOffset;
      return { kind: 'stored' };
    },
    storeHole: async (hole) => {
      next = hole.toOffset;
      return { kind: 'stored' };
    },
    storeRewritten: async () => {},
    storeWatermarks: async () => {},
    markUnreadable: async () => {},
  };
  return { store, batches, moveTo: (offset: bigint) => (next = offset), claimed: (by: bigint) => (owner = by) };
}

async function ingestAt(position: bigint | null) {
  const fake = fakeStore(position);
  let stored = 0;
  const sink = createIngest({
    store: fake.store,
    clock: { now: () => millis(0) },
    prepare: createPreparer({ workspaceId: 1, reading: createReading([]), resolverVersion: async () => 1 }),
    cluster: { name: 'test', source: 'kafka' },
    onConnection: () => {},
    onStored: () => {
      stored += 1;
    },
  });
  await sink.discovered({ kafkaId: 'k' }, [{ topic: 'orders', topicId: null, partitions: 1 }]);
  await sink.positions([ORDERS]);
  return { ...fake, sink, storedCalls: () => stored };
}

const record = (offset: bigint): SourceRecord => ({
  offset,
  timestampMs: millis(1000),
  timestampType: 'CreateTime',
  key: null,
  value: Buffer.from(`{"correlation_id":"c-${offset}"}`),
  headers: [],
});
const batch = (...offsets: bigint[]): SourceBatch => ({
  ...ORDERS,
  records: offsets.map(record),
  nextOffset: (offsets.at(-1) ?? -1n) + 1n,
  highWatermark: 100n,
  leaderEpoch: null,
});

describe('createIngest', () => {
  it('continues the stored position from batch to batch', async () => {
    const { sink, batches, storedCalls } = await ingestAt(4n);
    expect(await sink.deliver(batch(4n, 5n))).toEqual({ kind: 'stored' });
    expect(await sink.deliver(batch(6n))).toEqual({ kind: 'stored' });
    expect(batches.map((one) => [one.expectedOffset, one.nextOffset])).toEqual([
      [4n, 6n],
      [6n, 7n],
    ]);
    expect(storedCalls()).toBe(2);
  });

  it('leaves out records below the stored position', async () => {
    const { sink, batches } = await ingestAt(5n);
    await sink.deliver(batch(3n, 4n, 5n, 6n));
    expect(batches[0]?.events.map((event) => event.offset)).toEqual([5n, 6n]);
  });

  it('passes on that the position moved elsewhere, and continues from there', async () => {
    const { sink, batches, moveTo } = await ingestAt(4n);
    moveTo(9n);
    expect(await sink.deliver(batch(4n))).toEqual({ kind: 'moved', nextOffset: 9n });
    expect(await sink.deliver(batch(9n))).toEqual({ kind: 'stored' });
    expect(batches).toHaveLength(1);
  });

  it('begins a partition only once', async () => {
    const { sink, moveTo } = await ingestAt(null);
    moveTo(3n);
    await sink.begin([{ ...ORDERS, nextOffset: 0n, backfillEnd: null, leaderEpoch: null }]);
    await sink.claim([ORDERS], { generation: 1, confirmed: false });
    expect(await sink.deliver(batch(3n))).toEqual({ kind: 'stored' });
  });

  it('stores as the owner it claimed to be, and passes on that another has claimed since', async () => {
    const { sink, batches, claimed } = await ingestAt(4n);
    await sink.claim([ORDERS], { generation: 5, confirmed: false });
    await sink.deliver(batch(4n));
    expect(batches[0]?.owner).toBe(5n);
    claimed(6n);
    expect(await sink.deliver(batch(5n))).toEqual({ kind: 'lost' });
    expect(batches).toHaveLength(1);
  });

  it('continues behind a hole', async () => {
    const { sink, batches } = await ingestAt(0n);
    await sink.hole({ ...ORDERS, fromOffset: 0n, toOffset: 10n, reason: 'retention' });
    await sink.deliver(batch(10n));
    expect(batches[0]?.expectedOffset).toBe(10n);
  });

  it('refuses a batch of a partition whose position was never asked', async () => {
    const { sink } = await ingestAt(0n);
    await expect(sink.deliver({ ...batch(0n), partition: 1 })).rejects.toThrow(UnknownPartitionError);
  });
});
