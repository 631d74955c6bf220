import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';

type Environment = Readonly<Record<string, string | undefined>>;

/** A Kafka client of the demo. TLS and sign-in come from the variables the product reads too. */
export function createClient(clientId: string, brokers: readonly string[], env: Environment): Kafka {
  stopIdleTimers();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ...security(env),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 4 },
    logLevel: logLevel.NOTHING,
  });
}

function security(env: Environment): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const sasl = signIn(env);
  const caFile = env.KAFKA_TLS_CAFILEPATH;
  const tls = env.KAFKA_TLS_ENABLED === 'true' || caFile !== undefined;
  const ssl = tls ? (caFile === undefined ? true : { ca: readFileSync(caFile) }) : undefined;
  return { ...(ssl === undefined ? {} : { ssl }), ...(sasl === null ? {} : { sasl }) };
}

function signIn(env: Environment): SASLOptions | null {
  const username = env.KAFKA_SASL_USERNAME ?? secretFile(env.KAFKA_SASL_USERNAME_FILE);
  const password = env.KAFKA_SASL_PASSWORD ?? secretFile(env.KAFKA_SASL_PASSWORD_FILE);
  if (username === null || password === null) return null;
  switch (env.KAFKA_SASL_MECHANISM?.toUpperCase()) {
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username, password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username, password };
    default:
      return { mechanism: 'plain', username, password };
  }
}

function secretFile(path: string | undefined): string | null {
  return path === undefined ? null : readFileSync(path, 'utf8').trim();
}

/** The part of a kafkajs request queue that the correction below touches. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
}

let corrected = false;

/**
 * kafkajs 2.2.4 re-arms a timer of 1 ms per connection although nothing is pending, some 4 % of a core per process when
 * idle. The timer is only needed while requests wait or the broker throttles.
 */
function stopIdleTimers(): void {
  if (corrected) return;
  corrected = true;
  const Queue = requestQueueClass();
  const original = Queue.prototype.scheduleCheckPendingRequests;
  Queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
}

/** kafkajs is pinned to 2.2.4, whose request queue has this shape; it ships no types for it. */
function requestQueueClass(): { prototype: { scheduleCheckPendingRequests(this: RequestQueue): void } } {
  return createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js');
}
