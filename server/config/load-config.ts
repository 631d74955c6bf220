import path from 'node:path';
import type { WrittenRule } from '../model/alert-rule.ts';
import type { DeadLetterRules } from '../model/dead-letter-queue.ts';
import type { DeclaredFlow } from '../model/flow.ts';
import type { GroupRule } from '../model/group-service.ts';
import type { ObjectiveRules } from '../model/objectives.ts';
import type { OwnershipRules } from '../model/ownership.ts';
import type { Receiver } from '../model/receiver.ts';
import type { SearchField } from '../model/search-field.ts';
import type { SourceKind } from '../model/wire.ts';
import { defaultFolders, type Platform } from './default-folders.ts';
import type { Environment, VariableName } from './environment.ts';
import { declaredFlows } from './flows.ts';
import { type KafkaConfig, kafkaConfig, kafkaContradictions } from './kafka-config.ts';
import type { OwnDialect } from './own-dialects.ts';
import { type RawEnvironment, readEnvironment, type ValueSource } from './read-environment.ts';
import { type RegistryConfig, registryConfig, registryContradictions } from './registry-config.ts';
import { type Retention, retentionOf, retentionProblems } from './retention.ts';
import { schemaFolders } from './schema-folders.ts';
import { NOTHING_SET, readSettingsFile, type SettingsReading } from './settings-file.ts';
import { tlsFileProblems } from './tls-files.ts';
import type { TapStart } from './value-schemas.ts';

/** The effective configuration. Frozen; everything is told by argument from here on. */
export interface Config {
  /** Null without `KAFKA_BROKERS`. */
  readonly kafka: KafkaConfig | null;
  /** `kafka` with brokers named by the operator; `npm start` tells its children `embedded` or `replay`. */
  readonly source: SourceKind;
  /** What pages call the cluster. */
  readonly clusterName: string;
  /** Null without `SCHEMAREGISTRY_URLS`. */
  readonly registry: RegistryConfig | null;
  readonly databaseUrl: string | null;
  readonly http: { readonly host: string; readonly port: number; readonly allowedHosts: readonly string[] };
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly mavenMirror: string | null;
  readonly tap: {
    readonly start: TapStart;
    readonly groupId: string;
    /** Null for no cap. */
    readonly backfillBytesPerS: number | null;
    /** Null: the source's own. */
    readonly sessionTimeoutMs: number | null;
  };
  /** Which topics are read; `include` null means all. Matched against the whole name, Unicode mode. */
  readonly topics: { readonly include: readonly RegExp[] | null; readonly exclude: readonly RegExp[] };
  readonly flows: readonly DeclaredFlow[];
  /** The operator's dialects, in the order they are tried, each with the line of the file it begins in. */
  readonly dialects: readonly OwnDialect[];
  /** Values of the body by which traces are found. */
  readonly fields: readonly SearchField[];
  /** Whose consumer groups are, before their names say it; in the order they are tried. */
  readonly groups: readonly GroupRule[];
  /** Which topics are dead-letter queues, beside what their names say, and who works them off. */
  readonly deadLetters: DeadLetterRules;
  /** Whom services and topics belong to, and which services are one system. */
  readonly ownership: OwnershipRules;
  /** What hops, flows and replies should stay under, as the file says. */
  readonly objectives: ObjectiveRules;
  /** Who is told of alerts, as the file says, and how they are reached. */
  readonly alerts: {
    readonly receivers: readonly Receiver[];
    /** Networks they may lie in although they are not public, `address/bits`. */
    readonly allowedNetworks: readonly string[];
    /** Where links in notifications lead, without a slash at its end. */
    readonly externalUrl: string;
  };
  /** Alert rules of the file, checked. */
  readonly alertRules: readonly WrittenRule[];
  /** Folders of schema files, absolute, in the order in which they count. */
  readonly schemaFolders: readonly string[];
  readonly episodeGapMs: number;
  readonly retention: Retention;
  /** Path of the configuration file that was read, null without one. */
  readonly settingsPath: string | null;
  /** Where the value of each set variable came from; a variable that is not here has its default. */
  readonly sources: Readonly<Partial<Record<VariableName, ValueSource>>>;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One sentence per problem, each with its remedy. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface ConfigInput {
  readonly env: RawEnvironment;
  readonly workingDir: string;
  readonly platform: Platform;
  /** Text of a file; throws an error with a `code` when it cannot be read. */
  readonly readFile: (path: string) => string;
}

const SETTINGS_FILE = 'throughline.yaml';

/** Reads environment and configuration file into one frozen configuration, or answers every problem at once. */
export function loadConfig(input: ConfigInput): ConfigResult {
  const { values, sources, problems } = readEnvironment(input.env, input.readFile);
  const file = findSettings(values, input);
  const all = [...problems, ...kafkaContradictions(values), ...registryContradictions(values), ...file.problems];
  const kafka = kafkaConfig(values, input.workingDir);
  const registry = registryConfig(values, input.workingDir);
  if (all.length === 0 && kafka?.tls) all.push(...tlsFileProblems('KAFKA', kafka.tls, input.readFile));
  if (all.length === 0 && registry) all.push(...tlsFileProblems('SCHEMAREGISTRY', registry.tls, input.readFile));
  if (all.length > 0) return { ok: false, problems: all };
  return { ok: true, config: deepFreeze({ ...assemble(values, file, sources, input), kafka, registry }) };
}

function assemble(
  env: Environment,
  file: FoundSettings,
  sources: Config['sources'],
  input: ConfigInput,
): Omit<Config, 'kafka' | 'registry'> {
  const { settings } = file;
  const folders = defaultFolders(input.platform);
  const resolve = (given: string | undefined, standard: string) => path.resolve(input.workingDir, given ?? standard);
  const retention = retentionOf(settings);
  const http = { host: env.HOST ?? '127.0.0.1', port: env.PORT ?? 3000 };
  const source = env.THROUGHLINE_SOURCE ?? (env.KAFKA_BROKERS ? 'kafka' : 'embedded');
  return {
    source,
    clusterName: settings.cluster?.name ?? CLUSTER_NAMES[source],
    databaseUrl: env.DATABASE_URL ?? null,
    http: { ...http, allowedHosts: env.THROUGHLINE_ALLOWED_HOSTS ?? [] },
    dataDir: resolve(env.THROUGHLINE_DATA_DIR, folders.data),
    cacheDir: resolve(env.THROUGHLINE_CACHE_DIR, folders.cache),
    mavenMirror: env.THROUGHLINE_MAVEN_MIRROR ?? null,
    tap: {
      start:
        env.TAP_START ?? (source === 'kafka' ? { kind: 'ago', ms: retention.ageMs.events } : { kind: 'beginning' }),
      groupId: env.TAP_GROUP_ID ?? 'throughline.tap.audit.v1',
      backfillBytesPerS: backfillRate(env.TAP_BACKFILL_BYTES_PER_S, source),
      sessionTimeoutMs: env.TAP_SESSION_TIMEOUT_MS ?? null,
    },
    topics: {
      include: settings.topics?.include?.map(wholeName) ?? null,
      exclude: settings.topics?.exclude.map(wholeName) ?? [],
    },
    flows: declaredFlows(settings.flows ?? []),
    dialects: file.dialects,
    fields: file.fields,
    groups: file.groups,
    deadLetters: file.deadLetters,
    ownership: file.ownership,
    objectives: file.objectives,
    alerts: {
      receivers: file.receivers,
      allowedNetworks: env.THROUGHLINE_ALLOWED_RECEIVER_NETWORKS ?? [],
      externalUrl: env.THROUGHLINE_EXTERNAL_URL ?? httpAddress(http),
    },
    alertRules: file.alertRules,
    schemaFolders: file.path === null ? [] : schemaFolders(settings.schemas ?? [], file.path),
    episodeGapMs: settings.episode_gap ?? 30 * 60_000,
    retention,
    settingsPath: file.path,
    sources,
  };
}

/** Where the pages are on this machine. */
export function httpAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

/** A busy cluster's brokers serve ten times that without a thought; other readers of them must not notice us. */
const BACKFILL_BYTES_PER_S = 32 * 2 ** 20;

function backfillRate(given: number | null | undefined, source: SourceKind): number | null {
  if (given !== undefined) return given;
  return source === 'kafka' ? BACKFILL_BYTES_PER_S : null;
}

const CLUSTER_NAMES: Record<SourceKind, string> = { kafka: 'Kafka', embedded: 'embedded Kafka', replay: 'replay' };

function wholeName(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u');
}

interface FoundSettings extends SettingsReading {
  readonly path: string | null;
}

function findSettings(env: Environment, input: ConfigInput): FoundSettings {
  const named = env.THROUGHLINE_CONFIG;
  const file = path.resolve(input.workingDir, named ?? SETTINGS_FILE);
  let text: string;
  try {
    text = input.readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (named === undefined && code === 'ENOENT') return { path: null, ...NOTHING_SET, problems: [] };
    const subject = named === undefined ? file : `THROUGHLINE_CONFIG names ${file}, which`;
    return {
      path: file,
      ...NOTHING_SET,
      problems: [`${subject} cannot be read (${code}). Correct it or unset it.`],
    };
  }
  const reading = readSettingsFile(text, file);
  return { path: file, ...reading, problems: [...reading.problems, ...retentionProblems(reading.settings, file)] };
}

/** Freezes an object and everything in it, and hands it back. */
function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
