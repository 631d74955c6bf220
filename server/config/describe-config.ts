import { VARIABLE_NAMES, type VariableName, variableFacts } from './environment.ts';
import type { Config } from './load-config.ts';
import type { ValueSource } from './read-environment.ts';

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
  return lines;
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
    ...(kafka && {
      KAFKA_BROKERS: kafka.brokers.join(','),
      KAFKA_TLS_ENABLED: String(kafka.tls !== null),
      ...(kafka.sasl && { KAFKA_SASL_MECHANISM: kafka.sasl.mechanism, KAFKA_SASL_USERNAME: kafka.sasl.username }),
      ...(kafka.tls?.caFilePath && { KAFKA_TLS_CAFILEPATH: kafka.tls.caFilePath }),
    }),
    ...(config.schemaRegistryUrls.length > 0 && {
      SCHEMAREGISTRY_URLS: config.schemaRegistryUrls.map(withoutPassword).join(','),
    }),
    HOST: http.host,
    PORT: String(http.port),
    ...(http.allowedHosts.length > 0 && { THROUGHLINE_ALLOWED_HOSTS: http.allowedHosts.join(',') }),
    TAP_START: tap.start.kind === 'ago' ? `${tap.start.ms / 1000}s` : tap.start.kind,
    TAP_GROUP_ID: tap.groupId,
    ...(tap.sessionTimeoutMs !== null && { TAP_SESSION_TIMEOUT_MS: String(tap.sessionTimeoutMs) }),
    TAP_BACKFILL_BYTES_PER_S: tap.backfillBytesPerS === null ? 'none' : String(tap.backfillBytesPerS),
    THROUGHLINE_DATA_DIR: config.dataDir,
    THROUGHLINE_CACHE_DIR: config.cacheDir,
    ...(config.settingsPath && { THROUGHLINE_CONFIG: config.settingsPath }),
    ...(config.mavenMirror && { THROUGHLINE_MAVEN_MIRROR: withoutPassword(config.mavenMirror) }),
    THROUGHLINE_SOURCE: config.source,
  };
}

/** An address without the user and password it may carry. */
function withoutPassword(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '…';
  url.password = '';
  return url.href;
}
