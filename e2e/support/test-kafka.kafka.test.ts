import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, test } from 'vitest';
import { onDatabase } from './private-postgres.ts';
import { testBrokers } from './test-kafka.ts';

test('a real broker answers, and a database beside it', async () => {
  const admin = new Kafka({ clientId: 'support', brokers: [testBrokers()], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { brokers, clusterId } = await admin.describeCluster();
  await admin.disconnect();
  expect(brokers).toHaveLength(1);
  expect(clusterId).toMatch(/^[\w-]{22}$/);
  const answer = await onDatabase(inject('postgresUrl'), (client) => client.query('select 1 as one'));
  expect(answer.rows).toEqual([{ one: 1 }]);
});
