import { z } from 'zod';
import {
  addressMap,
  baseUrl,
  brokers,
  byteRate,
  flag,
  hostNames,
  httpUrl,
  httpUrls,
  loopbackHost,
  networks,
  port,
  postgresUrl,
  secretUrl,
  sessionTimeoutMs,
  tapStart,
} from './value-schemas.ts';

/** What the documentation says of a variable besides its name. */
export interface VariableFacts {
  readonly description: string;
  /** The default in words. */
  readonly standard: string;
  /** Never printed; can also be given as `NAME_FILE`, the path of a file that holds the value. */
  readonly secret?: true;
  readonly group:
    | 'Kafka'
    | 'Schema registry'
    | 'PostgreSQL'
    | 'Web'
    | 'Tap'
    | 'Alerts'
    | 'Folders and files'
    | 'Set by npm start for its own processes';
}

const facts = z.registry<VariableFacts>();

const text = z.string();

/** Every variable we read, by name: how its text is understood, and its documentation. */
export const environmentSchema = {
  KAFKA_BROKERS: brokers.register(facts, {
    group: 'Kafka',
    description: 'Brokers to begin with, `host:port` separated by commas.',
    standard: 'none: an embedded Apache Kafka is started',
  }),
  KAFKA_BROKER_ADDRESS_MAP: addressMap.register(facts, {
    group: 'Kafka',
    description:
      'Where brokers are really reached, `advertised:port=reachable:port` separated by commas; for a cluster that gives out addresses which are not reached from here. A certificate may name either address.',
    standard: 'none: brokers are reached where the cluster says they are',
  }),
  KAFKA_SASL_MECHANISM: z
    .string()
    .toUpperCase()
    .pipe(
      z.enum(
        ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM'],
        'must be PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or AWS_MSK_IAM',
      ),
    )
    .register(facts, {
      group: 'Kafka',
      description:
        'How to sign in: `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512` with user name and password, `OAUTHBEARER` with a token endpoint, `AWS_MSK_IAM` with a region (not tested against a real MSK).',
      standard: 'none: no sign-in',
    }),
  KAFKA_SASL_USERNAME: text.clone().register(facts, {
    group: 'Kafka',
    description: 'User name of the sign-in by `PLAIN` or `SCRAM`.',
    standard: 'none',
  }),
  KAFKA_SASL_PASSWORD: text.clone().register(facts, {
    group: 'Kafka',
    description: 'Password of the sign-in by `PLAIN` or `SCRAM`.',
    standard: 'none',
    secret: true,
  }),
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: secretUrl.register(facts, {
    group: 'Kafka',
    description:
      'Where `OAUTHBEARER` gets its tokens, by the grant `client_credentials`; https, or http on loopback. Its certificate is checked against the authorities Node.js trusts, and those in `NODE_EXTRA_CA_CERTS`.',
    standard: 'none',
  }),
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: text.clone().register(facts, {
    group: 'Kafka',
    description: 'Client that asks for tokens.',
    standard: 'none',
  }),
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: text.clone().register(facts, {
    group: 'Kafka',
    description: 'Secret of that client.',
    standard: 'none',
    secret: true,
  }),
  KAFKA_SASL_OAUTHBEARER_SCOPE: text.clone().register(facts, {
    group: 'Kafka',
    description: 'Scope to ask tokens for.',
    standard: 'none',
  }),
  KAFKA_SASL_AWS_MSK_IAM_REGION: text
    .regex(/^[a-z0-9-]{1,40}$/, 'must be the name of an AWS region, e.g. eu-central-1')
    .register(facts, {
      group: 'Kafka',
      description:
        'Region of the cluster for `AWS_MSK_IAM`. Credentials are found the usual way of AWS: `AWS_*` variables, profile, container, instance.',
      standard: 'none',
    }),
  KAFKA_TLS_ENABLED: flag.register(facts, {
    group: 'Kafka',
    description: 'Whether to connect with TLS.',
    standard: '`false`, or `true` when `KAFKA_TLS_CAFILEPATH` or `KAFKA_TLS_CERTFILEPATH` is set',
  }),
  KAFKA_TLS_CAFILEPATH: text.clone().register(facts, {
    group: 'Kafka',
    description: 'PEM file with the authorities that sign the brokers’ certificates.',
    standard: 'the authorities Node.js trusts',
  }),
  KAFKA_TLS_CERTFILEPATH: text.clone().register(facts, {
    group: 'Kafka',
    description: 'PEM file with the certificate to show the brokers (mutual TLS), its chain after it.',
    standard: 'none',
  }),
  KAFKA_TLS_KEYFILEPATH: text.clone().register(facts, {
    group: 'Kafka',
    description: 'PEM file with the key of that certificate.',
    standard: 'none',
  }),
  KAFKA_TLS_KEYPASSWORD: text.clone().register(facts, {
    group: 'Kafka',
    description: 'Password of that key, when it is encrypted.',
    standard: 'none',
    secret: true,
  }),
  SCHEMAREGISTRY_URLS: httpUrls.register(facts, {
    group: 'Schema registry',
    description:
      'Addresses of one schema registry (Confluent’s API: its own, Karapace, Redpanda, Apicurio under `/apis/ccompat/v7`), separated by commas; the next is asked where one does not answer. May carry `user:password@`, which is never shown.',
    standard: 'none: records with a schema id are kept raw',
  }),
  SCHEMAREGISTRY_USERNAME: text.clone().register(facts, {
    group: 'Schema registry',
    description: 'User name to sign in with, at every address that carries none.',
    standard: 'none: no sign-in',
  }),
  SCHEMAREGISTRY_PASSWORD: text.clone().register(facts, {
    group: 'Schema registry',
    description: 'Password of that user.',
    standard: 'none',
    secret: true,
  }),
  SCHEMAREGISTRY_TLS_CAFILEPATH: text.clone().register(facts, {
    group: 'Schema registry',
    description: 'PEM file with the authorities that sign the registry’s certificate.',
    standard: 'the authorities Node.js trusts',
  }),
  SCHEMAREGISTRY_TLS_CERTFILEPATH: text.clone().register(facts, {
    group: 'Schema registry',
    description: 'PEM file with the certificate to show the registry (mutual TLS), its chain after it.',
    standard: 'none',
  }),
  SCHEMAREGISTRY_TLS_KEYFILEPATH: text.clone().register(facts, {
    group: 'Schema registry',
    description: 'PEM file with the key of that certificate.',
    standard: 'none',
  }),
  SCHEMAREGISTRY_TLS_KEYPASSWORD: text.clone().register(facts, {
    group: 'Schema registry',
    description: 'Password of that key, when it is encrypted.',
    standard: 'none',
    secret: true,
  }),
  DATABASE_URL: postgresUrl.register(facts, {
    group: 'PostgreSQL',
    description: 'A PostgreSQL 15 to 18 to keep everything in, `postgres://user:password@host:5432/database`.',
    standard: 'none: an embedded PostgreSQL is started',
    secret: true,
  }),
  HOST: loopbackHost.register(facts, {
    group: 'Web',
    description: 'Address to listen on. Only loopback addresses: there is no sign-in yet.',
    standard: '`127.0.0.1`',
  }),
  PORT: port.register(facts, { group: 'Web', description: 'Port of the pages and the API.', standard: '`3000`' }),
  THROUGHLINE_ALLOWED_HOSTS: hostNames.register(facts, {
    group: 'Web',
    description: 'Further host names that requests may carry in `Host`, separated by commas; for a proxy in front.',
    standard: 'none: `localhost` and loopback addresses',
  }),
  TAP_START: tapStart.register(facts, {
    group: 'Tap',
    description:
      'Where to begin in topics that exist at the first start: `beginning`, `end`, or how far back, e.g. `7d`. Topics that appear later are read from their beginning.',
    standard: '`beginning` on the embedded Kafka, as long as events are kept (`30d`) on a named cluster',
  }),
  TAP_BACKFILL_BYTES_PER_S: byteRate.register(facts, {
    group: 'Tap',
    description:
      'Most bytes a second that each tap reads of the first backfill, e.g. `32MiB`; `0` or `none` for no cap. New records are read beside it, uncapped.',
    standard: '`32MiB` on a named cluster, none on the embedded Kafka',
  }),
  TAP_GROUP_ID: text
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'must be 1 to 249 letters, digits, dots, dashes or underscores')
    .register(facts, {
      group: 'Tap',
      description: 'Consumer group of the tap. It must be used by Throughline alone.',
      standard: '`throughline.tap.audit.v1`',
    }),
  TAP_SESSION_TIMEOUT_MS: sessionTimeoutMs.register(facts, {
    group: 'Tap',
    description:
      'After so many milliseconds without a sign of life Kafka gives the partitions of a tap to the others. The broker limits it (`group.min.session.timeout.ms`, `group.max.session.timeout.ms`).',
    standard: '`12000`',
  }),
  THROUGHLINE_EXTERNAL_URL: baseUrl.register(facts, {
    group: 'Alerts',
    description: 'Where those who are told of alerts reach the pages; links begin with it.',
    standard: '`http://HOST:PORT`',
  }),
  THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: networks.register(facts, {
    group: 'Alerts',
    description:
      'Networks that receivers may lie in although they are not public, `address/bits` separated by commas, e.g. `10.1.0.0/16,127.0.0.1`. Everything else that is no public address is refused when it is connected to: loopback, private, link-local, what clouds tell their machines.',
    standard: 'none: public addresses alone',
  }),
  THROUGHLINE_DATA_DIR: text.clone().register(facts, {
    group: 'Folders and files',
    description: 'Folder of everything that is kept: databases, logs. Several folders run side by side.',
    standard:
      'Linux `~/.local/share/throughline` (root: `/var/lib/throughline`), macOS `~/Library/Application Support/Throughline`',
  }),
  THROUGHLINE_CACHE_DIR: text.clone().register(facts, {
    group: 'Folders and files',
    description: 'Folder of downloads; it can be deleted at any time.',
    standard: 'Linux `~/.cache/throughline` (root: `/var/cache/throughline`), macOS `~/Library/Caches/Throughline`',
  }),
  THROUGHLINE_CONFIG: text.clone().register(facts, {
    group: 'Folders and files',
    description: 'Path of the configuration file.',
    standard: '`throughline.yaml` in the working folder, if there is one',
  }),
  THROUGHLINE_MAVEN_MIRROR: httpUrl.register(facts, {
    group: 'Folders and files',
    description:
      'Address of a Maven repository to download Apache Kafka from. Every file is checked against its SHA-512.',
    standard: 'Maven Central',
  }),
  THROUGHLINE_SOURCE: z.enum(['kafka', 'embedded', 'replay'], 'must be kafka, embedded or replay').register(facts, {
    group: 'Set by npm start for its own processes',
    description: 'What the tap reads: a named cluster, the embedded Kafka, or recorded events (`replay`).',
    standard: '`kafka` with `KAFKA_BROKERS`, else decided by `npm start`',
  }),
} as const;

export type VariableName = keyof typeof environmentSchema;

/** Guaranteed by construction: the object's own keys are exactly `VariableName`. */
export const VARIABLE_NAMES = Object.keys(environmentSchema) as readonly VariableName[];

/** The documentation of a variable. */
export function variableFacts(name: VariableName): VariableFacts {
  const found = facts.get(environmentSchema[name]);
  if (found === undefined) throw new Error(`variable ${name} has no documentation`);
  return found;
}

/** What the variables mean, once read; absent ones are absent. */
export type Environment = { readonly [Name in VariableName]?: z.output<(typeof environmentSchema)[Name]> };
