import type { CompressionTypes, Kafka, Producer, Transaction } from 'kafkajs';
import { between, type Chance, oneOf } from '../../../demo/behaviour/chance.ts';
import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import type { LivingTopic } from '../world/cluster.ts';
import { PRODUCER_CODECS } from './codecs.ts';
import type { Ledger } from './ledger.ts';
import type { MadeRecord, RecordMaker } from './make-record.ts';

/** Records that were sent to one partition, and the offset of the first. */
interface Sent {
  readonly topic: LivingTopic;
  readonly partition: number;
  readonly records: readonly MadeRecord[];
  readonly base: bigint;
}

export interface LaneOptions {
  readonly kafka: Kafka;
  readonly chance: Chance;
  readonly maker: RecordMaker;
  readonly ledger: Ledger;
  /** Names the transactions of this lane; without it, it writes outside of transactions. */
  readonly transactionalId?: string;
}

/** One producer at a time, idempotent, that waits for every replica: what it calls written is written. */
export interface ProducerLane {
  /** Writes some records to topics of the choice, and notes in the ledger what became of them. Never throws. */
  writeSome(topics: readonly LivingTopic[]): Promise<void>;
  /** Writes that many records to one partition; tries until it succeeds. For lanes without transactions. */
  write(topic: LivingTopic, partition: number, count: number): Promise<void>;
  close(): Promise<void>;
}

const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 6 };
/** One that was left open stops readers for no longer than this. */
const TRANSACTION_TIMEOUT_MS = 10_000;
const MAX_RECORDS = 24;
const WRITE_ATTEMPTS = 60;

export function createProducerLane({ kafka, chance, maker, ledger, transactionalId }: LaneOptions): ProducerLane {
  let producer: Producer | null = null;

  async function connected(): Promise<Producer> {
    if (producer !== null) return producer;
    const made = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: RETRY,
      ...(transactionalId !== undefined && { transactionalId, transactionTimeout: TRANSACTION_TIMEOUT_MS }),
    });
    await made.connect();
    producer = made;
    return made;
  }

  /** After a failure nothing of a producer's state is certain: the next one begins anew. */
  async function giveUp(): Promise<void> {
    const failed = producer;
    producer = null;
    await failed?.disconnect().catch(() => undefined);
  }

  async function send(to: Producer | Transaction, topic: LivingTopic, partition: number, count: number): Promise<Sent> {
    const records = Array.from({ length: count }, () => maker.next());
    const messages = records.map(({ key, value, headers }) => ({ key, value, headers, partition }));
    const compression = oneOf(chance, PRODUCER_CODECS) as CompressionTypes;
    try {
      const [answer] = await to.send({ topic: topic.topic, messages, acks: -1, compression });
      const base = BigInt(answer?.baseOffset ?? '-1');
      if (base < 0n) throw new Error('the broker has these records and does not say where');
      return { topic, partition, records, base };
    } catch (error) {
      ledger.doubt(records);
      throw error;
    }
  }

  function note({ topic, partition, base, records }: Sent): void {
    ledger.acknowledge(topic, partition, base, records);
  }

  async function sendSome(to: Producer | Transaction, topics: readonly [LivingTopic, ...LivingTopic[]]): Promise<Sent> {
    const topic = oneOf(chance, topics);
    const partition = Math.floor(between(chance, 0, topic.partitions));
    return send(to, topic, partition, 1 + Math.floor(between(chance, 0, MAX_RECORDS)));
  }

  /** A transaction of up to three sends; one in four is aborted, and none of its records may ever be stored. */
  async function transact(through: Producer, topics: readonly [LivingTopic, ...LivingTopic[]]): Promise<void> {
    const transaction = await through.transaction();
    const sent: Sent[] = [];
    try {
      for (let left = 1 + Math.floor(between(chance, 0, 3)); left > 0; left -= 1) {
        sent.push(await sendSome(transaction, topics));
      }
      if (chance.unit() < 0.25) {
        await transaction.abort();
        return;
      }
      await transaction.commit();
    } catch (error) {
      for (const { records } of sent) ledger.doubt(records);
      throw error;
    }
    sent.forEach(note);
  }

  return {
    async writeSome([first, ...others]) {
      if (first === undefined) return;
      try {
        const through = await connected();
        if (transactionalId === undefined) note(await sendSome(through, [first, ...others]));
        else await transact(through, [first, ...others]);
      } catch {
        await giveUp();
      }
    },
    async write(topic, partition, count) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return note(await send(await connected(), topic, partition, count));
        } catch (error) {
          await giveUp();
          if (attempt === WRITE_ATTEMPTS) throw error;
        }
      }
    },
    async close() {
      // Beginning anew aborts a transaction that a failure left open; left alone it would end after everything else.
      if (transactionalId !== undefined && producer === null) {
        await until('a transaction to be aborted', async () => (await connected()) !== null, {
          timeoutMs: PATIENCE_MS,
        });
      }
      await giveUp();
    },
  };
}
