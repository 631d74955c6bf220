// The memory of a tap that drains a backlog, everything running: five million ordinary records, then values of 20 MB.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import type { IngestTask, Timed } from './ingest/contenders.ts';
import { runProduct } from './ingest/product.ts';
import { makeEvent } from './support/omninode-events.ts';
import { answerAndEnd, inOwnProcess, ownTask } from './support/own-process.ts';
import { createTopic, produceEvents } from './support/produce-events.ts';
import { machine, writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';

const PARTITIONS = 18;
const TIMEOUT_MS = 900_000;
const LARGE = { topic: 'bench.large', records: 90, bytes: 20 * 1024 * 1024, partitions: 6 } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { records: { type: 'string', default: '5000000' } } });
  const count = Number(values.records);
  const kafka = await startBenchKafka();
  const postgres = await startBenchPostgres();
  const drain = (topic: string, records: number): Promise<Timed> =>
    withDatabase(postgres, (databaseUrl) => {
      const task: IngestTask = {
        ...{ contender: 'throughline', brokers: kafka.brokers, topic, count: records, groupId: `bench-${topic}` },
        ...{ databaseUrl, postgresPid: postgres.pid, withHeaders: false },
      };
      return inOwnProcess<Timed>(task, { timeoutMs: TIMEOUT_MS }).answer;
    });
  try {
    const record = (index: number) => makeEvent(index, { headers: false });
    await produceEvents({ brokers: kafka.brokers, topic: 'bench.backlog', partitions: PARTITIONS, count, record });
    console.log(`${count} records in bench.backlog`);
    const ordinary = await drain('bench.backlog', count);
    console.log(JSON.stringify(ordinary));
    await produceLarge(kafka.brokers);
    const large = await drain(LARGE.topic, LARGE.records);
    console.log(JSON.stringify(large));
    const text = [
      'Resident memory of one tap while it drains a backlog, settle and all else running beside it.',
      '',
      '| backlog | records/s | peak MB |',
      '|---|---:|---:|',
      `| ${count.toLocaleString('en')} records of 400–900 B in ${PARTITIONS} partitions | ${ordinary.recordsPerS.toFixed(0)} | ${ordinary.peakMb.toFixed(0)} |`,
      `| ${LARGE.records} values of 20 MB in ${LARGE.partitions} partitions | ${large.recordsPerS.toFixed(1)} | ${large.peakMb.toFixed(0)} |`,
      '',
      `${machine()}.`,
    ].join('\n');
    console.log(`\n${text}`);
    writeResults('backlog', text);
  } finally {
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

/** Half of a value compresses, half does not. */
async function produceLarge(brokers: string): Promise<void> {
  await createTopic(brokers, LARGE.topic, LARGE.partitions, { 'max.message.bytes': String(LARGE.bytes * 2) });
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer({
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  for (let index = 0; index < LARGE.records; index += 1) {
    const noise = randomBytes(LARGE.bytes / 4).toString('hex');
    const value = JSON.stringify({ correlation_id: `large-${index}`, noise, blank: ' '.repeat(LARGE.bytes / 2 - 200) });
    await producer.send({ topic: LARGE.topic, messages: [{ value, partition: index % LARGE.partitions }] });
  }
  await producer.disconnect();
}

const task = ownTask<IngestTask>();
if (task === null) await main();
else answerAndEnd(await runProduct(task));
