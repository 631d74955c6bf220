import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORDS, type SecuredKafka, SHORT_SESSION_MS, startSecuredKafka } from '../../e2e/support/secured-kafka.ts';
import { encryptKey } from '../../e2e/support/test-certificates.ts';
import { until } from '../../e2e/support/until.ts';
import { type Config, type ConfigResult, loadConfig } from '../config/load-config.ts';
import { createTestTopics } from '../source/kafka/kafka.test-support.ts';
import { createMemorySink, type MemorySink } from '../source/memory-sink.test-support.ts';
import { kafkaAccess } from './kafka-access.ts';

let secured: SecuredKafka;

beforeAll(async () => {
  secured = await startSecuredKafka();
});

afterAll(() => secured.stop());

const { createTopic, numbered, send, sourceOf, uniquePrefix, untilValues } = createTestTopics(
  () => secured.addresses.plaintext,
);

function load(env: Record<string, string>): ConfigResult {
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const platform = { platform: 'linux', home: secured.folder, isRoot: false } as const;
  return loadConfig({ env, workingDir: secured.folder, platform, readFile });
}

function configOf(env: Record<string, string>): Config {
  const loaded = load(env);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}

/** A topic with five records, read by what the environment says; answers once they are there. */
async function readThrough(env: Record<string, string>): Promise<{ topic: string; sink: MemorySink }> {
  const topic = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(topic);
  await send({ topic, messages: numbered(5) });
  const { kafka } = configOf(env);
  if (kafka === null) throw new Error('no brokers');
  await sourceOf(topic, { ...kafkaAccess(kafka), brokers: kafka.brokers }).start(sink);
  await untilValues(sink, topic, 5).catch((error: unknown) => {
    throw new Error(`not read: ${JSON.stringify(sink.connections)}`, { cause: error });
  });
  expect(sink.values(topic)).toEqual(numbered(5).map(({ value }) => value));
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
  return { topic, sink };
}

const tls = () => ({ KAFKA_TLS_CAFILEPATH: secured.authority.certFile });
const asTap = (mechanism: string) => ({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: 'tap',
  KAFKA_SASL_PASSWORD: PASSWORDS.tap,
});
const byToken = () => ({
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: secured.tokens.tokenUrl,
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: secured.tokens.clientId,
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: secured.tokens.clientSecret,
});

test('plaintext', () => readThrough({ KAFKA_BROKERS: secured.addresses.plaintext }));

test('TLS, with an authority of its own', () => readThrough({ KAFKA_BROKERS: secured.addresses.tls, ...tls() }));

test('TLS with a client certificate', async () => {
  const certificate = { KAFKA_TLS_CERTFILEPATH: secured.client.certFile };
  const mutual = { KAFKA_BROKERS: secured.addresses.mutual, ...tls(), ...certificate };
  await readThrough({ ...mutual, KAFKA_TLS_KEYFILEPATH: secured.client.keyFile });
  const encrypted = encryptKey(secured.client, 'key-secret');
  await readThrough({ ...mutual, KAFKA_TLS_KEYFILEPATH: encrypted, KAFKA_TLS_KEYPASSWORD: 'key-secret' });
});

test('a key that is of another certificate, or encrypted with another password, is refused at boot', () => {
  const { client, authority, addresses } = secured;
  const pair = (key: string) => ({ KAFKA_TLS_CERTFILEPATH: client.certFile, KAFKA_TLS_KEYFILEPATH: key });
  const problemsOf = (env: Record<string, string>): readonly string[] => {
    const loaded = load({ KAFKA_BROKERS: addresses.mutual, ...tls(), ...env });
    return loaded.ok ? [] : loaded.problems;
  };
  expect(problemsOf(pair(authority.keyFile))).toEqual([
    `KAFKA_TLS_KEYFILEPATH names ${authority.keyFile}, which is no PEM key of the certificate in ${client.certFile}, or an encrypted one: then set KAFKA_TLS_KEYPASSWORD.`,
  ]);
  const encrypted = encryptKey(client, 'key-secret');
  expect(problemsOf({ ...pair(encrypted), KAFKA_TLS_KEYPASSWORD: 'guess' })).toEqual([
    `KAFKA_TLS_KEYFILEPATH names ${encrypted}, which is no PEM key of the certificate in ${client.certFile}, or KAFKA_TLS_KEYPASSWORD is wrong.`,
  ]);
});

test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('SASL %s', async (mechanism) => {
  await readThrough({ KAFKA_BROKERS: secured.addresses.sasl, ...tls(), ...asTap(mechanism) });
});

test('SASL OAUTHBEARER, with one token for all connections', async () => {
  const before = secured.tokens.granted;
  const scope = { KAFKA_SASL_OAUTHBEARER_SCOPE: 'kafka read' };
  await readThrough({ KAFKA_BROKERS: secured.addresses.sasl, ...tls(), ...byToken(), ...scope });
  expect(secured.tokens.granted - before).toBe(1);
  expect(secured.tokens.scope).toBe('kafka read');
});

test('a sign-in that the broker lets stand for a short time alone is renewed, and reading goes on', async () => {
  const { topic, sink } = await readThrough({ KAFKA_BROKERS: secured.addresses.short, ...asTap('PLAIN') });
  const begun = performance.now();
  let sent = 5;
  while (performance.now() - begun < 2.5 * SHORT_SESSION_MS) {
    await send({ topic, messages: numbered(1, sent) });
    sent += 1;
    await untilValues(sink, topic, sent);
  }
  expect(sink.values(topic)).toEqual(numbered(sent).map(({ value }) => value));
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
});

test('a token that ends is renewed before', async () => {
  secured.tokens.lifetimeS = 20;
  const before = secured.tokens.granted;
  const { sink } = await readThrough({ KAFKA_BROKERS: secured.addresses.sasl, ...tls(), ...byToken() });
  await until('a second token', async () => secured.tokens.granted - before >= 2);
  secured.tokens.lifetimeS = 300;
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
});
