import path from 'node:path';
import { isWanted } from '../../../otel/is-wanted.ts';
import {
  childEnvironment,
  KAFKA_VARIABLES,
  REGISTRY_VARIABLES,
  TAP_VARIABLES,
} from '../../config/child-environment.ts';
import { type Config, httpAddress } from '../../config/load-config.ts';
import type { RawEnvironment } from '../../config/read-environment.ts';
import type { SourceKind } from '../../model/wire.ts';
import type { ChildSpec } from '../supervise/child-spec.ts';
import { untilHttpAnswers, untilTapReports } from './ready-checks.ts';
import { DEMO_PROCESSES, type StartOptions } from './start-options.ts';

/** What the product's own processes are made of. */
export interface Parts {
  readonly config: Config;
  readonly env: RawEnvironment;
  /** Folder of the bundles, `dist`. */
  readonly bundles: string;
  readonly projectRoot: string;
  readonly databaseUrl: string;
  readonly source: SourceKind;
  /** Address of the embedded broker; null where the cluster is named, or replayed. */
  readonly embeddedBrokers: string | null;
  /** `throughline.yaml` in force: the operator's, else the demo's while it runs; null without one. */
  readonly settingsPath: string | null;
}

/** The web process: no Kafka address and no Kafka credentials. */
export function webChild(parts: Parts): ChildSpec {
  const { http } = parts.config;
  const env = childEnvironment(
    parts.env,
    { names: ['THROUGHLINE_ALLOWED_HOSTS'], telemetry: true },
    {
      ...common(parts),
      HOST: http.host,
      PORT: String(http.port),
    },
  );
  return {
    ...node(parts, 'web', bundleOf(parts, 'web')),
    env,
    graceMs: 1500,
    ready: (signal) => untilHttpAnswers(`${httpAddress(http)}/api/v1/health`, signal),
    readyWithinMs: 60_000,
  };
}

/** The tap. It alone knows how to reach a named cluster. */
export function tapChild(parts: Parts): ChildSpec {
  const cluster = parts.source === 'kafka' ? KAFKA_VARIABLES : [];
  const alerts = ['THROUGHLINE_ALLOWED_RECEIVER_NETWORKS'] as const;
  const names = [...cluster, ...REGISTRY_VARIABLES, ...TAP_VARIABLES, ...alerts] as const;
  const env = childEnvironment(
    parts.env,
    { names, telemetry: true, receivers: true },
    { ...common(parts), ...embedded(parts) },
  );
  return {
    ...node(parts, 'tap', bundleOf(parts, 'tap')),
    env,
    graceMs: 4000,
    ready: (signal, pid) => untilTapReports(parts.databaseUrl, pid, signal),
    readyWithinMs: 60_000,
    show: /^(Connected to|Not connected|Kafka |Topic ")|Trying again in \d+ s\.$/,
  };
}

/** The demo's processes, which write to the embedded broker, or to a named cluster when that was asked for. */
export function demoChildren(parts: Parts, options: StartOptions): ChildSpec[] {
  const names = parts.source === 'kafka' ? KAFKA_VARIABLES : [];
  const env = childEnvironment(parts.env, { names, telemetry: true }, embedded(parts));
  return DEMO_PROCESSES.filter((name) => !options.without.includes(name)).map((name) => ({
    ...node(parts, `demo-${name}`, path.join(parts.bundles, 'demo', `${name}.js`), options.demoArgs),
    env,
    group: 'demo',
    graceMs: 1800,
    readyWithinMs: 10_000,
  }));
}

/** `npm run dev`: pages are compiled as they are asked for, and changed processes start anew. */
export function isDevelopment(env: RawEnvironment): boolean {
  return env.NODE_ENV === 'development';
}

/** The file of one of our own processes. */
export function bundleOf(parts: Pick<Parts, 'bundles'>, name: 'web' | 'tap'): string {
  return path.join(parts.bundles, 'main', `${name}.js`);
}

function node(parts: Parts, name: string, file: string, args: readonly string[] = []) {
  const preload = isWanted(parts.env) ? ['--import', path.join(parts.bundles, 'otel', 'preload.js')] : [];
  return {
    name,
    command: process.execPath,
    args: ['--enable-source-maps', ...preload, file, ...args],
    cwd: parts.projectRoot,
    ours: true,
    stopSignal: 'SIGTERM',
  } as const;
}

function common(parts: Parts): Record<string, string> {
  return {
    NODE_ENV: isDevelopment(parts.env) ? 'development' : 'production',
    DATABASE_URL: parts.databaseUrl,
    THROUGHLINE_SOURCE: parts.source,
    THROUGHLINE_DATA_DIR: parts.config.dataDir,
    THROUGHLINE_CACHE_DIR: parts.config.cacheDir,
    THROUGHLINE_EXTERNAL_URL: parts.config.alerts.externalUrl,
    ...(parts.settingsPath !== null && { THROUGHLINE_CONFIG: parts.settingsPath }),
  };
}

function embedded(parts: Parts): Record<string, string> {
  return parts.embeddedBrokers === null ? {} : { KAFKA_BROKERS: parts.embeddedBrokers };
}
