import { z } from 'zod';
import {
  brokers,
  byteRate,
  flag,
  hostNames,
  httpUrl,
  httpUrls,
  loopbackHost,
  port,
  postgresUrl,
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
    | 'PostgreSQL'
    | 'Web'
    | 'Tap'
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
  KAFKA_SASL_MECHANISM: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], 'must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512'))
    .register(facts, {
      group: 'Kafka',
      description: 'How to sign in: `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`.',
      standard: 'none: no sign-in',
    }),
  KAFKA_SASL_USERNAME: text.clone().register(facts, {
    group: 'Kafka',
    description: 'User name of the sign-in.',
    standard: 'none',
  }),
  KAFKA_SASL_PASSWORD: text.clone().register(facts, {
    group: 'Kafka',
    description: 'Password of the sign-in.',
    standard: 'none',
    secret: true,
  }),
  KAFKA_TLS_ENABLED: flag.register(facts, {
    group: 'Kafka',
    description: 'Whether to connect with TLS.',
    standard: '`false`, or `true` when `KAFKA_TLS_CAFILEPATH` is set',
  }),
  KAFKA_TLS_CAFILEPATH: text.clone().register(facts, {
    group: 'Kafka',
    description: 'PEM file with the authorities that sign the brokers’ certificates.',
    standard: 'the authorities Node.js trusts',
  }),
  SCHEMAREGISTRY_URLS: httpUrls.register(facts, {
    group: 'Kafka',
    description: 'Addresses of the schema registry, separated by commas.',
    standard: 'none',
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
