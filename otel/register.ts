import { createRequire, syncBuiltinESMExports } from 'node:module';
import { tracedLibraries } from './instrumentations.ts';
import { type Environment, isWanted } from './is-wanted.ts';

/** A running OpenTelemetry SDK. */
export interface Registered {
  /** Sends what waits and stops. */
  shutdown(): Promise<void>;
}

/**
 * Starts OpenTelemetry for this process when the environment asks for an exporter; else loads nothing of it and answers
 * null. `OTEL_SERVICE_NAME` wins over `serviceName`, which also decides what is traced. Must run before
 * pg, kafkajs and http are imported by anybody: use the preload.
 */
export async function registerOpenTelemetry(serviceName: string, env: Environment): Promise<Registered | null> {
  if (!isWanted(env)) return null;
  const [{ NodeSDK }, instrumentations] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    loadInstrumentations(serviceName),
  ]);
  const sdk = new NodeSDK({ serviceName: env.OTEL_SERVICE_NAME ?? serviceName, instrumentations });
  sdk.start();
  loadTraced(serviceName);
  return { shutdown: () => sdk.shutdown() };
}

async function loadInstrumentations(serviceName: string) {
  const [{ HttpInstrumentation }, { PgInstrumentation }] = await Promise.all([
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-pg'),
  ]);
  const always = [new HttpInstrumentation(), new PgInstrumentation()];
  if (!tracedLibraries(serviceName).kafkajs) return always;
  const { KafkaJsInstrumentation } = await import('@opentelemetry/instrumentation-kafkajs');
  return [...always, new KafkaJsInstrumentation()];
}

/**
 * Instrumentations hook `require`, which an `import` of a CommonJS package passes by on Node 20. Requiring the packages
 * here patches the module objects that later imports share; named imports of `node:http` are brought up to date by
 * `syncBuiltinESMExports`. So no loader hook is needed, whose thread would slow every start.
 */
function loadTraced(serviceName: string): void {
  const require = createRequire(import.meta.url);
  require('node:http');
  require('node:https');
  require('pg');
  if (tracedLibraries(serviceName).kafkajs) require('kafkajs');
  syncBuiltinESMExports();
}
