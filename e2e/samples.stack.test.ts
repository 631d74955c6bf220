import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../server/config/project-root.ts';
import type { Coverage, TraceDetail } from '../server/model/wire.ts';
import { type Product, startProduct } from './support/product.ts';
import { type TestDatabase, testDatabase } from './support/test-database.ts';
import { testBrokers } from './support/test-kafka.ts';
import { until } from './support/until.ts';

/** One line of `demo/samples/omninode.jsonl`. */
interface Sample {
  readonly name: string;
  readonly topic: string;
  readonly key: string | null;
  readonly value: string;
  readonly expect: {
    readonly correlation_id: string;
    readonly event_type: string;
    readonly event_id: string | null;
    readonly causation_id: string | null;
    readonly producer: string;
    readonly occurred_at: string;
  };
}

const samples = readFileSync(path.join(projectRoot(), 'demo/samples/omninode.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample)
  .filter((sample) => /^S\d\d$/.test(sample.name));

describe('the events of the integration report, produced to a real broker', () => {
  let database: TestDatabase;
  let product: Product;
  const kafka = new Kafka({ clientId: 'samples', brokers: [testBrokers()], logLevel: 0 });
  const producer = kafka.producer();

  beforeAll(async () => {
    const topics = [...new Set(samples.map((sample) => sample.topic))];
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: topics.map((topic) => ({
        topic,
        numPartitions: 3,
        configEntries: [{ name: 'retention.ms', value: '-1' }],
      })),
    });
    await admin.disconnect();
    await producer.connect();
    database = await testDatabase();
    product = await startProduct({
      databaseUrl: database.url,
      brokers: testBrokers(),
      env: { TAP_GROUP_ID: 'samples' },
    });
    await until('all topics to be assigned', async () => {
      const coverage = (await product.api('/coverage')).body as Coverage;
      const known = new Set(coverage.partitions.map((partition) => partition.topic));
      return coverage.tap.connected && topics.every((topic) => known.has(topic));
    });
  }, 120_000);

  afterAll(async () => {
    await producer.disconnect();
    await product?.stop();
    await database?.drop();
  });

  it.each(samples.map((sample) => [sample.name, sample.topic, sample] as const))(
    '%s on %s is at its trace with the fields it should resolve to',
    async (_id, topic, sample) => {
      const sentAt = performance.now();
      await producer.send({ topic, messages: [{ key: sample.key, value: sample.value }] });
      const id = encodeURIComponent(sample.expect.correlation_id);
      const event = await until(
        `${sample.name} in its trace`,
        async () => {
          const { status, body } = await product.api(`/traces/${id}`);
          if (status !== 200) return null;
          return (body as TraceDetail).events.find((one) => one.topic === topic && isSample(one, sample)) ?? null;
        },
        { timeoutMs: 20_000, everyMs: 20 },
      );
      const tookMs = Math.round(performance.now() - sentAt);
      process.stdout.write(`${sample.name}: ${tookMs} ms from produce to its trace\n`);
      expect(event).toMatchObject({
        event_type: sample.expect.event_type,
        event_id: sample.expect.event_id,
        causation_id: sample.expect.causation_id,
        service: sample.expect.producer,
      });
      expect(new Date(event.occurred_at).getTime()).toBe(new Date(sample.expect.occurred_at).getTime());
    },
    30_000,
  );

  it('puts the conversation into one trace, in order, with a cause for each event but the first', async () => {
    const root = samples.find((sample) => sample.name === 'S01');
    const trace = await until('the conversation to be settled', async () => {
      const { body } = await product.api(`/traces/${root?.expect.correlation_id}`);
      const found = body as TraceDetail;
      return found.events.filter((event) => event.parent === null).length < 2 ? found : null;
    });
    const inTrace = samples.filter((sample) => sample.expect.correlation_id === root?.expect.correlation_id);
    expect(trace.event_count).toBe(inTrace.length);
    expect(trace.events.filter((event) => event.parent === null)).toHaveLength(1);
    expect(trace.events[0]?.event_type).toBe('CODEGEN_REQUESTED');
  });
});

function isSample(event: { event_type: string; occurred_at: string }, sample: Sample): boolean {
  return (
    event.event_type === sample.expect.event_type &&
    new Date(event.occurred_at).getTime() === new Date(sample.expect.occurred_at).getTime()
  );
}
