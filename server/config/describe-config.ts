import { durationText } from '../model/duration-text.ts';
import { HOP_OBJECTIVE_MS, type Objective } from '../model/objectives.ts';
import { shownAddress } from '../model/receiver-url.ts';
import { VARIABLE_NAMES, type VariableName, variableFacts } from './environment.ts';
import type { KafkaConfig, SaslConfig } from './kafka-config.ts';
import type { Config } from './load-config.ts';
import type { ValueSource } from './read-environment.ts';
import type { RegistryConfig } from './registry-config.ts';

/**
 * The effective configuration as lines `NAME = value (source)`, for the log at start. Secrets show as `set` alone, or as
 * `set, from file …`; the value never appears.
 */
export function describeConfig(config: Config): string[] {
  const effective = effectiveTexts(config);
  const lines = VARIABLE_NAMES.map((name) => {
    const source = config.sources[name] ?? { kind: 'default' };
    return `${name} = ${variableFacts(name).secret ? secretText(source) : `${effective[name] ?? '(none)'} (${sourceText(source)})`}`;
  });
  if (config.settingsPath !== null) lines.push(`configuration file = ${config.settingsPath}`);
  return [
    ...lines,
    ...groupLines(config),
    ...deadLetterLines(config),
    ...objectiveLines(config),
    ...receiverLines(config),
  ];
}

/** In the order they are tried; names of groups say the rest. */
function groupLines({ groups, settingsPath }: Config): string[] {
  return groups.map(
    ({ group, service }) => `groups ${JSON.stringify(group)} = ${JSON.stringify(service)} (file ${settingsPath})`,
  );
}

/** What is declared beside the names of topics, and who works queues off, in the order they are tried. */
function deadLetterLines({ deadLetters, settingsPath }: Config): string[] {
  const { triage, ...lists } = deadLetters;
  const declared = Object.entries(lists).flatMap(([name, texts]) =>
    texts.map((text) => `dead_letters.${name} ${JSON.stringify(text)} (file ${settingsPath})`),
  );
  return [
    ...declared,
    ...triage.map(
      ({ queue, groups }) =>
        `dead_letters.triage ${JSON.stringify(queue)} = ${groups.map((group) => JSON.stringify(group)).join(', ')} (file ${settingsPath})`,
    ),
  ];
}

/** Names, kinds and what can be shown of the addresses. */
function receiverLines({ alerts, settingsPath }: Config): string[] {
  return alerts.receivers.map(({ name, kind, url }) => {
    const where = typeof url === 'string' ? shownAddress(kind, url) : `address from the ${url.from}`;
    return `receivers ${JSON.stringify(name)} = ${kind}, ${where} (file ${settingsPath})`;
  });
}

/** In the order they are tried; last what is left where none matches. */
function objectiveLines({ objectives, settingsPath }: Config): string[] {
  const declared = (list: keyof Config['objectives']) =>
    objectives[list].map(
      ({ eventType, p95Ms }: Objective) =>
        `objectives.${list} ${JSON.stringify(eventType)} = p95 ${durationText(p95Ms)} (file ${settingsPath})`,
    );
  return [
    ...declared('hops'),
    `objectives.hops = p95 ${durationText(HOP_OBJECTIVE_MS)} (default)`,
    ...declared('flows'),
    'objectives.flows = (none) (default)',
    ...declared('replies'),
    'objectives.replies = (none) (default)',
  ];
}

function secretText(source: ValueSource): string {
  if (source.kind === 'file') return `set, from file ${source.path}`;
  return source.kind === 'env' ? 'set' : 'not set';
}

function sourceText(source: ValueSource): string {
  return source.kind === 'env' ? 'environment' : source.kind === 'file' ? `file ${source.path}` : 'default';
}

function effectiveTexts(config: Config): Partial<Record<VariableName, string>> {
  const { kafka, http, tap } = config;
  return {
    ...(kafka && kafkaTexts(kafka)),
    ...(config.registry && registryTexts(config.registry)),
    HOST: http.host,
    PORT: String(http.port),
    ...(http.allowedHosts.length > 0 && { THROUGHLINE_ALLOWED_HOSTS: http.allowedHosts.join(',') }),
    TAP_START: tap.start.kind === 'ago' ? `${tap.start.ms / 1000}s` : tap.start.kind,
    TAP_GROUP_ID: tap.groupId,
    TAP_BACKFILL_BYTES_PER_S: tap.backfillBytesPerS === null ? 'none' : String(tap.backfillBytesPerS),
    ...(tap.sessionTimeoutMs !== null && { TAP_SESSION_TIMEOUT_MS: String(tap.sessionTimeoutMs) }),
    THROUGHLINE_EXTERNAL_URL: config.alerts.externalUrl,
    ...(config.alerts.allowedNetworks.length > 0 && {
      THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: config.alerts.allowedNetworks.join(','),
    }),
    THROUGHLINE_DATA_DIR: config.dataDir,
    THROUGHLINE_CACHE_DIR: config.cacheDir,
    ...(config.settingsPath && { THROUGHLINE_CONFIG: config.settingsPath }),
    ...(config.mavenMirror && { THROUGHLINE_MAVEN_MIRROR: withoutPassword(config.mavenMirror) }),
    THROUGHLINE_SOURCE: config.source,
  };
}

function kafkaTexts({ brokers, addressMap, sasl, tls }: KafkaConfig): Partial<Record<VariableName, string>> {
  return {
    KAFKA_BROKERS: brokers.join(','),
    ...(addressMap.size > 0 && { KAFKA_BROKER_ADDRESS_MAP: [...addressMap].map((pair) => pair.join('=')).join(',') }),
    KAFKA_TLS_ENABLED: String(tls !== null),
    ...(tls?.caFilePath && { KAFKA_TLS_CAFILEPATH: tls.caFilePath }),
    ...(tls?.client && {
      KAFKA_TLS_CERTFILEPATH: tls.client.certFilePath,
      KAFKA_TLS_KEYFILEPATH: tls.client.keyFilePath,
    }),
    ...(sasl && signInTexts(sasl)),
  };
}

function registryTexts({ urls, signIn, tls }: RegistryConfig): Partial<Record<VariableName, string>> {
  return {
    SCHEMAREGISTRY_URLS: urls.map(withoutPassword).join(','),
    ...(signIn && { SCHEMAREGISTRY_USERNAME: signIn.username }),
    ...(tls.caFilePath && { SCHEMAREGISTRY_TLS_CAFILEPATH: tls.caFilePath }),
    ...(tls.client && {
      SCHEMAREGISTRY_TLS_CERTFILEPATH: tls.client.certFilePath,
      SCHEMAREGISTRY_TLS_KEYFILEPATH: tls.client.keyFilePath,
    }),
  };
}

function signInTexts(sasl: SaslConfig): Partial<Record<VariableName, string>> {
  const { mechanism } = sasl;
  switch (mechanism) {
    case 'OAUTHBEARER':
      return {
        KAFKA_SASL_MECHANISM: mechanism,
        KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: withoutQuery(sasl.tokenUrl),
        KAFKA_SASL_OAUTHBEARER_CLIENT_ID: sasl.clientId,
        ...(sasl.scope !== null && { KAFKA_SASL_OAUTHBEARER_SCOPE: sasl.scope }),
      };
    case 'AWS_MSK_IAM':
      return { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_AWS_MSK_IAM_REGION: sasl.region };
    default:
      return { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: sasl.username };
  }
}

/** A query may hold a key. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

/** An address without the user and password it may carry. */
function withoutPassword(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '…';
  url.password = '';
  return url.href;
}
