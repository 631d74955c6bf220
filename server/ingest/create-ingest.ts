import type { Incarnation } from '../model/record.ts';
import { millisToMicros } from '../model/time.ts';
import type { SourceKind } from '../model/wire.ts';
import type { Clock } from '../ports/clock.ts';
import type { IngestStore } from '../ports/ingest-store.ts';
import type { RecordSink, SinkAnswer, SourceHole, TopicPartition } from '../ports/source.ts';
import type { PrepareRecords } from './prepare-records.ts';

/** A position or an incarnation was needed before the source had asked for it: a defect of the source, not of data. */
export class UnknownPartitionError extends Error {
  readonly code = 'unknown_partition';
}

/** What ingest is built from. */
export interface IngestDeps {
  readonly store: IngestStore;
  readonly clock: Clock;
  readonly prepare: PrepareRecords;
  readonly cluster: { readonly name: string; readonly source: SourceKind };
  /** Hears of the connection as the source does. */
  onConnection(state: { connected: boolean; message: string | null; cluster: string | null }): void;
  /** Hears of the first backfill as the source does. */
  onBackfill?: RecordSink['backfill'];
  /**
   * Called after each stored batch: there is something to settle. `left`: records of its partition not read yet; `tookMs`:
   * from its delivery until it was stored.
   */
  onStored(batch: { readonly records: number; readonly left: number; readonly tookMs: number }): void;
}

/**
 * Joins the pipeline to the store: what a source delivers is prepared and stored with the position it moves. Keeps the
 * position of each partition as this process last saw it; the store's compare-and-set decides whether it still holds.
 */
export function createIngest(deps: IngestDeps): RecordSink {
  const { store } = deps;
  const incarnations = new Map<number, Incarnation>();
  const positions = new Map<string, bigint>();
  const owners = new Map<string, bigint>();
  let cluster: { id: number; kafkaId: string } | null = null;

  const clusterOf = async (kafkaId: string): Promise<number> => {
    if (cluster?.kafkaId !== kafkaId) {
      cluster = { kafkaId, id: await store.registerCluster({ kafkaId, ...deps.cluster }) };
    }
    return cluster.id;
  };

  const remember = (partition: TopicPartition, answer: SinkAnswer, stored: bigint): SinkAnswer => {
    if (answer.kind !== 'lost') {
      positions.set(partitionKey(partition), answer.kind === 'stored' ? stored : answer.nextOffset);
    }
    return answer;
  };

  const ownerOf = (partition: TopicPartition): bigint | null => owners.get(partitionKey(partition)) ?? null;

  return {
    async discovered({ kafkaId }, topics) {
      const registered = await store.registerTopics(await clusterOf(kafkaId), topics);
      incarnations.clear();
      for (const { incarnationId, topic, n } of registered) {
        incarnations.set(incarnationId, { id: incarnationId, cluster: kafkaId, topic, n });
      }
      return registered;
    },

    async positions(partitions) {
      const found = await store.positions(partitions);
      for (const { nextOffset, ...partition } of found) {
        if (nextOffset === null) positions.delete(partitionKey(partition));
        else positions.set(partitionKey(partition), nextOffset);
      }
      return found;
    },

    begin: (positions) => store.begin(positions),

    async claim(partitions, ownership) {
      const owned = await store.claim(partitions, ownership);
      for (const { nextOffset, owner, ...partition } of owned) {
        positions.set(partitionKey(partition), nextOffset);
        owners.set(partitionKey(partition), owner);
      }
      return owned;
    },

    async deliver(batch) {
      const began = performance.now();
      const incarnation = incarnations.get(batch.incarnationId);
      const expectedOffset = positions.get(partitionKey(batch));
      if (incarnation === undefined || expectedOffset === undefined) {
        throw new UnknownPartitionError(
          `${batch.topic}/${batch.partition} was delivered before its position was asked`,
        );
      }
      const answer = await store.storeBatch({
        incarnationId: batch.incarnationId,
        topic: batch.topic,
        partition: batch.partition,
        events: await deps.prepare(
          // Records below the stored position were stored before; the source may deliver them again after a seek.
          batch.records.filter((record) => record.offset >= expectedOffset),
          { incarnation, partition: batch.partition },
        ),
        expectedOffset,
        nextOffset: batch.nextOffset,
        highWatermark: batch.highWatermark,
        leaderEpoch: batch.leaderEpoch,
        storedAt: millisToMicros(deps.clock.now()),
        owner: ownerOf(batch),
      });
      const { records, highWatermark, nextOffset } = batch;
      if (answer.kind === 'stored') {
        const left = Number(highWatermark - nextOffset);
        deps.onStored({ records: records.length, left, tookMs: performance.now() - began });
      }
      return remember(batch, answer, batch.nextOffset);
    },

    async hole(hole: SourceHole) {
      return remember(hole, await store.storeHole(hole, ownerOf(hole)), hole.toOffset);
    },

    rewritten: (hole) => store.storeRewritten(hole, ownerOf(hole)),

    watermarks: (samples) => store.storeWatermarks(samples),

    async unreadable(topics) {
      if (cluster !== null) await store.markUnreadable(cluster.id, topics);
    },

    backfill: (survey) => deps.onBackfill?.(survey),

    connection: (state) => deps.onConnection({ ...state, cluster: cluster?.kafkaId ?? null }),
  };
}

function partitionKey({ incarnationId, partition }: TopicPartition): string {
  return `${incarnationId}/${partition}`;
}
