import { type EachBatchPayload, Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { copyIn } from '../../server/store/copy-in.ts';
import type { IngestTask, Timed } from './contenders.ts';
import { createStopwatch } from './stopwatch.ts';
import { encodeWide, WIDE_COLUMNS } from './wide-table.ts';

const CONCURRENT = 3;

/** kafkajs's consumer with the product's fetch sizes. */
async function consume(task: IngestTask, eachBatch: (payload: EachBatchPayload) => Promise<void>): Promise<void> {
  const kafka = new Kafka({ brokers: [task.brokers], clientId: 'bench', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({
    groupId: task.groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 400,
    maxBytes: 16 * 1024 * 1024,
    maxBytesPerPartition: 2 * 1024 * 1024,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [task.topic], fromBeginning: true });
  await consumer.run({ partitionsConsumedConcurrently: CONCURRENT, autoCommit: false, eachBatch });
}

/** (a) Only counts. */
export async function runBareConsumer(task: IngestTask): Promise<Timed> {
  const stopwatch = createStopwatch(task);
  await consume(task, async ({ batch }) => stopwatch.add(batch.messages.length));
  return stopwatch.done;
}

/** (c) The simplest honest pipeline: parse, copy, move the offset, one transaction a batch. */
export async function runSimplePipeline(task: IngestTask): Promise<Timed> {
  const pool = new pg.Pool({ connectionString: task.databaseUrl, max: CONCURRENT });
  const stopwatch = createStopwatch(task);
  await consume(task, async ({ batch: { topic, partition, messages } }) => {
    const rows = encodeWide(topic, partition, messages, task.withHeaders);
    const client = await pool.connect();
    await client.query('begin');
    await copyIn(client, [{ table: 'wide', columns: WIDE_COLUMNS, copy: rows }]);
    await client.query(
      `insert into wide_offset values ($1, $2, $3)
       on conflict (topic, partition) do update set next_offset = excluded.next_offset`,
      [topic, partition, BigInt(messages.at(-1)?.offset ?? 0) + 1n],
    );
    await client.query('commit');
    client.release();
    stopwatch.add(messages.length);
  });
  return stopwatch.done;
}

/** (b) The rows of (c), made beforehand, copied on one connection: what PostgreSQL alone takes. */
export async function runBareCopy(task: IngestTask): Promise<Timed> {
  const batches: { records: number; rows: ReturnType<typeof encodeWide> }[] = [];
  let read = 0;
  const all = new Promise<void>((resolve, reject) => {
    consume(task, async ({ batch: { topic, partition, messages } }) => {
      batches.push({ records: messages.length, rows: encodeWide(topic, partition, messages, task.withHeaders) });
      read += messages.length;
      if (read >= task.count) resolve();
    }).catch(reject);
  });
  await all;
  const client = await new pg.Pool({ connectionString: task.databaseUrl, max: 1 }).connect();
  const stopwatch = createStopwatch(task);
  for (const { records, rows } of batches) {
    await copyIn(client, [{ table: 'wide', columns: WIDE_COLUMNS, copy: rows }]);
    stopwatch.add(records);
  }
  return stopwatch.done;
}
