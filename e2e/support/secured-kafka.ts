import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetchKafka, type PinnedJar } from '../../server/runtime/kafka/fetch-kafka.ts';
import { findJava } from '../../server/runtime/kafka/find-java.ts';
import type { Properties } from '../../server/runtime/kafka/kafka-properties.ts';
import { freePorts, startKafka } from '../../server/runtime/kafka/start-kafka.ts';
import { freePort } from '../../server/runtime/supervise/free-ports.ts';
import { downloads } from './services.ts';
import { createTestAuthority, type TestAuthority, type TestCertificate } from './test-certificates.ts';
import { startTokenIssuer, type TokenIssuer } from './token-issuer.ts';

/**
 * Listeners of the secured Kafka. Those with TLS have a certificate for `localhost` and `broker.test` alone; the
 * cluster gives out wrong addresses to whoever comes through one that is astray.
 */
const LISTENERS = {
  plaintext: 'PLAINTEXT',
  tls: 'SSL',
  mutual: 'SSL',
  sasl: 'SASL_SSL',
  /** Sign-in without TLS; a session lives for `SHORT_SESSION_MS`. */
  short: 'SASL_PLAINTEXT',
  astray: 'PLAINTEXT',
  astray_tls: 'SSL',
} as const;

export type ListenerName = keyof typeof LISTENERS;

export const SHORT_SESSION_MS = 4_000;

/** Users of every SASL mechanism; `limited` and `stranger` have no rights but what a test gives them. */
export const PASSWORDS = { tap: 'tap-secret "quoted\\', limited: 'limited-secret', stranger: 'strange' } as const;

/** A Kafka with an authority of its own, sign-in, and rights that are asked for. */
export interface SecuredKafka {
  /** Where to come in, `host:port`. Through `plaintext` and `tls` everybody may do everything. */
  readonly addresses: Readonly<Record<ListenerName, string>>;
  /** What the cluster says its address is to whoever comes through a listener that is astray; nobody listens there. */
  readonly wrongAddresses: Readonly<Record<'astray' | 'astray_tls', string>>;
  readonly authority: TestAuthority;
  /** Accepted by the listener `mutual`. */
  readonly client: TestCertificate;
  readonly tokens: TokenIssuer;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Kafka checks signed tokens with it and does not bring it along. */
const JOSE4J: PinnedJar = {
  path: 'org/bitbucket/b_c/jose4j/0.9.6/jose4j-0.9.6.jar',
  bytes: 299_502,
  sha512:
    'ab5c99dfc0ab3061510941602844b9848de80c2c03526265f9dd12eaf2567a891c7fb5d000280b3aa6eaef399e5852011ee264339e37fa1169d49407158698e5',
};

export async function startSecuredKafka(): Promise<SecuredKafka> {
  const java = await findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH });
  if (java === null) throw new Error('Kafka needs Java 17 or newer, and there is none: install one, or set JAVA_HOME.');
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-secured-'));
  const authority = createTestAuthority(folder);
  const server = authority.issue('broker', ['localhost', 'broker.test']);
  const client = authority.issue('tap-certificate');
  const tokens = await startTokenIssuer();
  const ports = await freePorts();
  const taken = new Set([ports.broker, ports.controller]);
  const portOf = {} as Record<ListenerName, number>;
  for (const name of names()) {
    portOf[name] = name === 'plaintext' ? ports.broker : await freePort(taken);
    taken.add(portOf[name]);
  }
  const wrong = { astray: `127.0.0.1:${await freePort(taken)}`, astray_tls: `broker.test:${portOf.astray_tls}` };
  const kafka = await startKafka({
    java,
    dataDir: path.join(folder, 'kafka'),
    ports,
    heapMb: 384,
    ...downloads(),
    additions: {
      classPath: [path.join(await fetchKafka({ ...downloads(), jars: [JOSE4J] }), 'jose4j-0.9.6.jar')],
      javaArgs: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokens.keysUrl}`],
      formatArgs: scramUsers(),
      properties: {
        ...listeners(portOf, ports.controller, wrong),
        ...tlsProperties(authority, server),
        ...saslProperties(tokens),
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': ['ANONYMOUS', 'tap', 'CN=tap-certificate', tokens.clientId].map((it) => `User:${it}`).join(';'),
      },
    },
  });
  return {
    addresses: mapNames((name) => `${hostOf(name)}:${portOf[name]}`),
    wrongAddresses: wrong,
    authority,
    client,
    tokens,
    folder,
    async stop() {
      await kafka.stop('SIGKILL');
      await tokens.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Guarantee: the object's own keys are exactly `ListenerName`. */
function names(): ListenerName[] {
  return Object.keys(LISTENERS) as ListenerName[];
}

function mapNames<T>(of: (name: ListenerName) => T): Record<ListenerName, T> {
  return Object.fromEntries(names().map((name) => [name, of(name)])) as Record<ListenerName, T>;
}

function hostOf(name: ListenerName): string {
  return LISTENERS[name].endsWith('SSL') ? 'localhost' : '127.0.0.1';
}

function listeners(
  portOf: Record<ListenerName, number>,
  controller: number,
  wrong: Record<string, string>,
): Properties {
  const upper = (name: ListenerName): string => name.toUpperCase();
  const advertised = names().map((name) => `${upper(name)}://${wrong[name] ?? `${hostOf(name)}:${portOf[name]}`}`);
  return {
    listeners: [
      ...names().map((name) => `${upper(name)}://127.0.0.1:${portOf[name]}`),
      `CONTROLLER://127.0.0.1:${controller}`,
    ].join(),
    'advertised.listeners': advertised.join(),
    'listener.security.protocol.map': [
      ...names().map((name) => `${upper(name)}:${LISTENERS[name]}`),
      'CONTROLLER:PLAINTEXT',
    ].join(),
  };
}

function tlsProperties(authority: TestCertificate, server: TestCertificate): Properties {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': server.cert,
    'ssl.keystore.key': server.key,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': authority.cert,
    'listener.name.mutual.ssl.client.auth': 'required',
  };
}

function saslProperties(tokens: TokenIssuer): Properties {
  const plain = Object.entries(PASSWORDS).map(([user, password]) => `user_${user}=${quoted(password)}`);
  const of = (listener: ListenerName, mechanism: string) => `listener.name.${listener}.${mechanism}`;
  const modules = 'org.apache.kafka.common.security';
  const plainModule = `${modules}.plain.PlainLoginModule required ${plain.join(' ')};`;
  return {
    'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`${of('sasl', 'plain')}.sasl.jaas.config`]: plainModule,
    [`${of('sasl', 'scram-sha-256')}.sasl.jaas.config`]: `${modules}.scram.ScramLoginModule required;`,
    [`${of('sasl', 'scram-sha-512')}.sasl.jaas.config`]: `${modules}.scram.ScramLoginModule required;`,
    [`${of('sasl', 'oauthbearer')}.sasl.jaas.config`]: `${modules}.oauthbearer.OAuthBearerLoginModule required;`,
    [`${of('sasl', 'oauthbearer')}.sasl.server.callback.handler.class`]: `${modules}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
    'listener.name.sasl.sasl.oauthbearer.jwks.endpoint.url': tokens.keysUrl,
    'listener.name.sasl.sasl.oauthbearer.expected.audience': tokens.audience,
    'listener.name.sasl.sasl.oauthbearer.expected.issuer': tokens.issuer,
    'listener.name.short.sasl.enabled.mechanisms': 'PLAIN',
    [`${of('short', 'plain')}.sasl.jaas.config`]: plainModule,
    [`${of('short', 'plain')}.connections.max.reauth.ms`]: SHORT_SESSION_MS,
  };
}

function scramUsers(): string[] {
  return Object.entries(PASSWORDS).flatMap(([user, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${user},password=${password}]`,
    ]),
  );
}

/** A text in a JAAS line: backslashes and quotes are escaped. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
