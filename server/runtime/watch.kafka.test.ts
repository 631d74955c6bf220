import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { millis } from '../model/time.ts';
import { connectKafka, type KafkaConnection } from '../source/kafka/connection/kafka-connection.ts';
import { createTestTopics } from '../source/kafka/kafka.test-support.ts';
import { createKafkaWatch } from '../source/kafka/watch/create-kafka-watch.ts';
import { commitOffsets, coordinatorReady } from '../source/kafka/watch/raw-group.test-support.ts';
import { createWatchStore } from '../store/watch/watch-store.ts';
import { createIngestStore } from '../store/write/ingest-store.ts';
import { createWatch } from '../watch/create-watch.ts';
import { type Leader, lead } from './lead.ts';

/** Watch on a real broker and a real database, with topics registered as discovery would. */
const { administer, createTopic, numbered, send, uniquePrefix } = createTestTopics();
const prefix = uniquePrefix();
const life = new AbortController();
const clock = { now: () => millis(Date.now()) };
let database: TestDatabase;
let pool: pg.Pool;
let broker: KafkaConnection;
const running: Leader[] = [];

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 8 });
  pool.on('error', () => {});
  const [host = '', port = ''] = testBrokers().split(':');
  broker = await connectKafka(host, Number(port), { clientId: prefix }, life.signal);
  await coordinatorReady(broker);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((watch) => watch.stop()));
});
afterAll(async () => {
  life.abort();
  await pool.end();
  await database.drop();
});

function startWatch(brokers = [testBrokers()]): Leader {
  const watch = lead(
    createWatch({
      cluster: createKafkaWatch({ brokers, clientId: prefix, clock }),
      store: createWatchStore({ pool, workspaceId: 1, ownGroup: 'own' }),
      clock,
      onFailure: () => {},
      onWorked: () => {},
    }),
  );
  watch.start();
  running.push(watch);
  return watch;
}

async function register(topic: string): Promise<number> {
  const looker = createKafkaWatch({ brokers: [testBrokers()], clientId: prefix, clock });
  const kafkaId = await looker.identify();
  const seen = await until('the topic', async () => {
    const { topics } = await looker.look({ groups: [], topics: new Set([topic]) });
    return topics[0]?.trouble === null ? topics[0] : null;
  });
  looker.close();
  const ingest = createIngestStore({ pool, workspaceId: 1, writerId: randomUUID() });
  const clusterId = await ingest.registerCluster({ kafkaId, name: 'Test', source: 'kafka' });
  const [registered] = await ingest.registerTopics(clusterId, [
    { topic, topicId: seen.topicId, partitions: seen.partitions.length },
  ]);
  return registered?.incarnationId ?? 0;
}

/** The history of a group on one incarnation, oldest first. */
async function historyOf(group: string, incarnation: number): Promise<(string | null)[][]> {
  const { rows } = await pool.query<{ was: string | null; committed: string | null }>(
    `select c.was, c.committed from committed_change c join consumer_group g on g.id = c.group_id
     where g.label = $1 and c.incarnation_id = $2 order by c.round_id`,
    [group, incarnation],
  );
  return rows.map((row) => [row.was, row.committed]);
}

const untilHistory = (group: string, incarnation: number, length: number) =>
  until(`${length} changes of ${group}`, async () => {
    const history = await historyOf(group, incarnation);
    return history.length >= length ? history : null;
  });

test('each change of a group is stored once, also when the leader is killed and another tap takes over', async () => {
  const [topic, group] = [`${prefix}-orders`, `${prefix}-group`];
  await createTopic(topic);
  await send({ topic, messages: numbered(20) });
  const incarnation = await register(topic);
  const commit = (offset: bigint) => commitOffsets(broker, group, [{ topic, partition: 0, offset }]);
  await commit(5n);
  startWatch();
  startWatch();
  expect(await untilHistory(group, incarnation, 1)).toEqual([[null, '5']]);
  await commit(9n);
  await untilHistory(group, incarnation, 2);

  const { rows } = await pool.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7206
     and database = (select oid from pg_database where datname = current_database())`,
  );
  expect(rows).toHaveLength(1);
  // Set back while nobody may be leading.
  await commit(2n);
  expect(await untilHistory(group, incarnation, 3)).toEqual([
    [null, '5'],
    ['5', '9'],
    ['9', '2'],
  ]);
  const spans = await pool.query(
    `select after_at <= changed_at as ordered from committed_change where was is not null`,
  );
  expect(spans.rows.every((row) => row.ordered)).toBe(true);
});

test('a group that is deleted is gone, and its offsets are none', async () => {
  const [topic, group] = [`${prefix}-leaving`, `${prefix}-leaver`];
  await createTopic(topic);
  await send({ topic, messages: numbered(3) });
  const incarnation = await register(topic);
  await commitOffsets(broker, group, [{ topic, partition: 0, offset: 3n }]);
  startWatch();
  await untilHistory(group, incarnation, 1);
  await administer((admin) => admin.deleteGroups([group]));
  expect(await untilHistory(group, incarnation, 2)).toEqual([
    [null, '3'],
    ['3', null],
  ]);
  const { rows } = await pool.query('select gone_at is not null as gone from consumer_group where label = $1', [group]);
  expect(rows).toEqual([{ gone: true }]);
});

test('a topic that is created anew begins without the commits of its former life', async () => {
  const [topic, group] = [`${prefix}-again`, `${prefix}-again-group`];
  await createTopic(topic);
  await send({ topic, messages: numbered(8) });
  const first = await register(topic);
  await commitOffsets(broker, group, [{ topic, partition: 0, offset: 8n }]);
  startWatch();
  expect(await untilHistory(group, first, 1)).toEqual([[null, '8']]);

  await administer((admin) => admin.deleteTopics({ topics: [topic] }));
  await createTopic(topic);
  await send({ topic, messages: numbered(2) });
  // Kafka keeps commits by name: this one is beyond the end of the new life.
  await commitOffsets(broker, group, [{ topic, partition: 0, offset: 8n }]);
  const second = await register(topic);
  expect(second).not.toBe(first);
  await until('the foreign commit', async () => {
    const { rows } = await pool.query(
      'select from committed_offset where incarnation_id = $1 and committed is null and foreign_offset = 8',
      [second],
    );
    return rows.length === 1;
  });
  await commitOffsets(broker, group, [{ topic, partition: 0, offset: 1n }]);
  expect(await untilHistory(group, second, 1)).toEqual([[null, '1']]);
  expect(await historyOf(group, first)).toEqual([[null, '8']]);
});

test('a cluster that goes away is a round that says so', async () => {
  const { createServer, connect } = await import('node:net');
  const open = new Set<{ destroy(): void }>();
  // The bootstrap address is a way to the broker that can be closed.
  const way = createServer((socket) => {
    const [host = '', port = ''] = testBrokers().split(':');
    const onward = connect(Number(port), host);
    for (const end of [socket, onward]) {
      open.add(end);
      end.on('error', () => undefined);
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  const address = way.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await pool.query('truncate watch_round');
  startWatch([`127.0.0.1:${port}`]);
  await until('a round', async () => (await pool.query('select from watch_round')).rows.length > 0);
  way.close();
  for (const end of open) end.destroy();
  const failed = await until('a failed round', async () => {
    const { rows } = await pool.query('select failure from watch_round where failure is not null');
    return rows[0]?.failure as string | undefined;
  });
  expect(failed).toContain(`No answer from 127.0.0.1:${port}`);
});
