import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORDS, type SecuredKafka, startSecuredKafka } from '../../../e2e/support/secured-kafka.ts';
import { createTestAuthority } from '../../../e2e/support/test-certificates.ts';
import { until } from '../../../e2e/support/until.ts';
import { createMemorySink, type MemorySink } from '../memory-sink.test-support.ts';
import { fetchToken } from './connection/fetch-token.ts';
import type { KafkaAccess } from './connection/kafka-connection.ts';
import { keepToken } from './connection/kept-token.ts';
import type { SignIn } from './connection/sign-in.ts';
import { createTestTopics } from './kafka.test-support.ts';

let secured: SecuredKafka;

beforeAll(async () => {
  secured = await startSecuredKafka();
});

afterAll(() => secured.stop());

const { administer, createTopic, numbered, send, sourceOf, uniquePrefix, untilValues } = createTestTopics(
  () => secured.addresses.plaintext,
);

const RETRY = ' Trying again in 1 s.';

async function start(address: string, access: Partial<KafkaAccess>, topic = uniquePrefix()): Promise<MemorySink> {
  const sink = createMemorySink();
  await sourceOf(topic, { brokers: [address], ...access }).start(sink);
  return sink;
}

/** What is said first about reading through `address`. */
async function troubleOf(address: string, access: Partial<KafkaAccess>): Promise<string> {
  const sink = await start(address, access);
  const [first] = await until('a word', async () => sink.connections.length > 0 && sink.connections);
  expect(first?.connected).toBe(false);
  const message = first?.message ?? '';
  expect(message.endsWith(RETRY)).toBe(true);
  for (const secret of [...Object.values(PASSWORDS), secured.tokens.clientSecret])
    expect(message).not.toContain(secret);
  return message.slice(0, -RETRY.length);
}

const tls = () => ({ ca: secured.authority.cert });
const plain = (username: string, password: string): SignIn => ({ mechanism: 'PLAIN', username, password });

test.each(['PLAIN', 'SCRAM-SHA-256'] as const)('a wrong password: %s', async (mechanism) => {
  const { sasl } = secured.addresses;
  const access = { tls: tls(), sasl: { mechanism, username: 'tap', password: 'not-it' } };
  const message = await troubleOf(sasl, access);
  expect(message).toBe(
    `${sasl} refused the sign-in of user "tap" by ${mechanism}: the user is unknown, or the password is wrong. ` +
      'Check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.',
  );
  expect(message).not.toContain('not-it');
});

test('a mechanism that is not offered', async () => {
  const { short } = secured.addresses;
  const sasl = { mechanism: 'SCRAM-SHA-512', username: 'tap', password: PASSWORDS.tap } as const;
  expect(await troubleOf(short, { sasl })).toBe(
    `${short} does not offer the sign-in SCRAM-SHA-512. Set KAFKA_SASL_MECHANISM to one that it offers.`,
  );
});

test('a sign-in where none is taken, and none where one is asked for', async () => {
  const { plaintext, short } = secured.addresses;
  expect(await troubleOf(plaintext, { sasl: plain('tap', PASSWORDS.tap) })).toBe(
    `${plaintext} takes no sign-in. Unset KAFKA_SASL_MECHANISM, or name the port of a listener with SASL in KAFKA_BROKERS.`,
  );
  expect(await troubleOf(short, {})).toBe(
    `${short} ended the connection at the first question without a sign-in. If it asks for one, set KAFKA_SASL_MECHANISM and what belongs to it.`,
  );
});

test('an authority that is not trusted: none named, and a wrong one', async () => {
  const { tls: address } = secured.addresses;
  const remedy = 'Name the PEM file of the authority that signed it in KAFKA_TLS_CAFILEPATH.';
  const untrusted = `The certificate of ${address} is not trusted: its authority is not among the trusted ones. ${remedy}`;
  expect(await troubleOf(address, { tls: true })).toBe(untrusted);
  const other = createTestAuthority(secured.folder, 'other-authority');
  expect(await troubleOf(address, { tls: { ca: other.cert } })).toBe(untrusted);
});

test('a certificate for another name', async () => {
  const byNumber = secured.addresses.tls.replace('localhost', '127.0.0.1');
  expect(await troubleOf(byNumber, { tls: tls() })).toBe(
    `The certificate of ${byNumber} is not for 127.0.0.1, but for localhost, broker.test. ` +
      'Connect by a name that it holds, or have it issued for this one.',
  );
});

test('no client certificate, and one that the broker does not trust', async () => {
  const { mutual } = secured.addresses;
  expect(await troubleOf(mutual, { tls: tls() })).toBe(
    `${mutual} asks for a client certificate. Set KAFKA_TLS_CERTFILEPATH and KAFKA_TLS_KEYFILEPATH.`,
  );
  const { cert, key } = createTestAuthority(secured.folder, 'strange-authority').issue('somebody');
  expect(await troubleOf(mutual, { tls: { ...tls(), cert, key } })).toMatch(
    new RegExp(`^${mutual} refused the client certificate( \\(.*\\))?. Check that KAFKA_TLS_CERTFILEPATH is signed by`),
  );
});

test('TLS spoken to a listener without, and the other way round', async () => {
  const { plaintext, tls: address } = secured.addresses;
  expect(await troubleOf(plaintext, { tls: tls() })).toBe(
    `${plaintext} does not answer in TLS. Unset KAFKA_TLS_ENABLED, or name the port of a listener with TLS in KAFKA_BROKERS.`,
  );
  expect(await troubleOf(address, {})).toBe(
    `${address} speaks TLS, but KAFKA_TLS_ENABLED is not set. Set it to true, or name the port of a listener without TLS in KAFKA_BROKERS.`,
  );
});

test('no token, and a token that the broker does not accept', async () => {
  const { tokens, addresses } = secured;
  const { clientId, tokenUrl: url } = tokens;
  const oauth = (clientSecret: string): Partial<KafkaAccess> => {
    const token = keepToken(() => fetchToken({ url, clientId, clientSecret, scope: null }));
    return { tls: tls(), sasl: { mechanism: 'OAUTHBEARER', identity: `client "${clientId}"`, token } };
  };
  const remedy =
    'Check KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, KAFKA_SASL_OAUTHBEARER_CLIENT_ID, ' +
    'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET and KAFKA_SASL_OAUTHBEARER_SCOPE.';
  expect(await troubleOf(addresses.sasl, oauth('wrong-secret'))).toBe(
    `No token for client "tap-client": ${url} answers with status 401 (invalid_client). ${remedy}`,
  );
  tokens.answer = (_, response) => response.end('{"access_token":"not.a.token","expires_in":300}');
  expect(await troubleOf(addresses.sasl, oauth(tokens.clientSecret))).toBe(
    `${addresses.sasl} refused the sign-in of client "tap-client" by OAUTHBEARER: it does not accept the token. ${remedy}`,
  );
  tokens.answer = null;
});

test('a wrong advertised listener: both addresses are named, and the map cures it', async () => {
  const { astray } = secured.addresses;
  const wrong = secured.wrongAddresses.astray;
  expect(await troubleOf(astray, {})).toBe(
    `The cluster answers at ${astray}, but not at ${wrong}, which it advertises for a broker. ` +
      `No answer from ${wrong} (connection refused). If the broker runs, correct its advertised.listeners to an ` +
      `address that is reached from here, or set KAFKA_BROKER_ADDRESS_MAP=${wrong}=${astray}.`,
  );
  const topic = uniquePrefix();
  await createTopic(topic);
  await send({ topic, messages: numbered(3) });
  const sink = await start(astray, { addressMap: new Map([[wrong, astray]]) }, topic);
  await untilValues(sink, topic, 3);
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
});

test('with TLS, a mapped broker may have a certificate for either address', async () => {
  const { astray_tls: address } = secured.addresses;
  const advertised = secured.wrongAddresses.astray_tls;
  const byNumber = address.replace('localhost', '127.0.0.1');
  expect(await troubleOf(address, { tls: tls() })).toContain(
    `but not at ${advertised}, which it advertises for a broker. No answer from`,
  );
  const addressMap = new Map([
    [advertised, byNumber],
    [byNumber, address],
  ]);
  for (const seed of [address, byNumber]) {
    const topic = uniquePrefix();
    await createTopic(topic);
    await send({ topic, messages: numbered(3) });
    const sink = await start(seed, { tls: tls(), addressMap }, topic);
    await untilValues(sink, topic, 3);
  }
});

test('a topic that may be seen and not read is named, and the others go on', async () => {
  const prefix = uniquePrefix();
  for (const topic of [`${prefix}-open`, `${prefix}-closed`]) {
    await createTopic(topic);
    await send({ topic, messages: numbered(3) });
  }
  await allow('limited', [
    ['topic', `${prefix}-open`, 'read'],
    ['topic', `${prefix}-closed`, 'describe'],
    ['group', prefix, 'read'],
  ]);
  const sasl = plain('limited', PASSWORDS.limited);
  const sink = await start(secured.addresses.short, { sasl }, prefix);
  await untilValues(sink, `${prefix}-open`, 3);
  const [trouble] = await until('the trouble', async () => sink.troubles.length > 0 && sink.troubles);
  expect(trouble).toEqual({
    topic: `${prefix}-closed`,
    reason: 'The tap may not read this topic: it needs the ACL operations Describe and Read on it.',
  });
  await send({ topic: `${prefix}-open`, messages: numbered(3, 3) });
  await untilValues(sink, `${prefix}-open`, 6);
  await allow('limited', [['topic', `${prefix}-closed`, 'read']]);
  await untilValues(sink, `${prefix}-closed`, 3);
  await until('no trouble', async () => sink.troubles.length === 0);
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
});

test('a topic whose rights are taken away and given back is read on from where it stood', async () => {
  const prefix = uniquePrefix();
  const rights: readonly Right[] = [['topic', prefix, 'read']];
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(3) });
  await allow('limited', [...rights, ['group', prefix, 'read']]);
  const sink = await start(secured.addresses.short, { sasl: plain('limited', PASSWORDS.limited) }, prefix);
  await untilValues(sink, prefix, 3);
  const discovered = sink.discovered;
  let visible: readonly string[] = [prefix];
  sink.discovered = (cluster, topics) => {
    visible = topics.map(({ topic }) => topic);
    return discovered(cluster, topics);
  };
  await administer((admin) => admin.deleteAcls({ filters: rights.map((right) => aclOf('limited', right)) }));
  await until('the topic out of sight', async () => visible.length === 0);
  await send({ topic: prefix, messages: numbered(3, 3) });
  await allow('limited', rights);
  await untilValues(sink, prefix, 6);
  expect(sink.values(prefix)).toEqual(numbered(6).map(({ value }) => value));
  expect(sink.incarnations(prefix)).toBe(1);
  expect([sink.holes, sink.violations]).toEqual([[], []]);
});

test('a group that may not be used is named with the right it needs, and used once it is granted', async () => {
  const prefix = uniquePrefix();
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(3) });
  await allow('stranger', [['topic', prefix, 'read']]);
  const sasl = plain('stranger', PASSWORDS.stranger);
  const sink = await start(secured.addresses.short, { sasl }, prefix);
  const [first, second] = await until('two words', async () => sink.connections.length > 1 && sink.connections);
  const sentence =
    `The cluster does not let user "stranger" use the consumer group "${prefix}", so nothing is read. ` +
    'Grant it the ACL operation Read on that group, or name another group in TAP_GROUP_ID.';
  expect(first).toEqual({ connected: false, message: `${sentence} Trying again in 1 s.` });
  expect(second).toEqual({ connected: false, message: `${sentence} Trying again in 2 s.` });
  await allow('stranger', [['group', prefix, 'read']]);
  await untilValues(sink, prefix, 3);
});

const RESOURCES = { topic: 2, group: 3 } as const;
const OPERATIONS = { read: 3, describe: 8 } as const;
const LITERAL = 3;
const ALLOW = 3;

type Right = readonly [keyof typeof RESOURCES, string, keyof typeof OPERATIONS];

function aclOf(user: string, [resource, resourceName, operation]: Right) {
  return {
    resourceType: RESOURCES[resource],
    resourceName,
    resourcePatternType: LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: OPERATIONS[operation],
    permissionType: ALLOW,
  };
}

async function allow(user: string, rights: readonly Right[]): Promise<void> {
  await administer((admin) => admin.createAcls({ acl: rights.map((right) => aclOf(user, right)) }));
}
