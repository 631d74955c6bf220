import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';
import type { KafkaRequest } from '../wire/kafka-request.ts';
import { makeClosable } from './closable-pool.ts';
import { quietIdleConnections } from './kafkajs-idle-timer.ts';
import { type InternalBroker, kafkajsInternals, type SilentLogger } from './kafkajs-internals.ts';

/** How to reach a cluster and sign in to it. */
export interface KafkaAccess {
  readonly clientId: string;
  readonly sasl?: SASLOptions | undefined;
  /** TLS on when present; `true` trusts the system's authorities. */
  readonly tls?: ConnectionOptions | boolean | undefined;
}

/** One broker, with one connection for fetches and one for everything else. */
export interface KafkaConnection {
  readonly address: string;
  /** The broker as kafkajs knows it, for the requests it encodes well. */
  readonly broker: InternalBroker;
  /** Newest version of an API that the broker speaks; 0 for one it does not have. */
  maxVersion(apiKey: number): number;
  /** Sends a request of ours. Rejects when the connection is lost or no answer comes in time. */
  send<T>(request: KafkaRequest<T>, timeoutMs?: number): Promise<T>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** For all of it: socket, TLS, versions, sign-in. kafkajs itself waits for ever for an answer to a sign-in. */
const READY_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * Connects and signs in. Rejects with kafkajs's errors; `connectionTrouble` puts them into words. Once `life` is
 * aborted the connection is closed, also one that is still being made, and every request in flight is rejected.
 */
export async function connectKafka(
  host: string,
  port: number,
  access: KafkaAccess,
  life: AbortSignal,
): Promise<KafkaConnection> {
  quietIdleConnections();
  const { Broker, ConnectionPool, createSocketFactory } = kafkajsInternals;
  const pool = new ConnectionPool({
    host,
    port,
    clientId: access.clientId,
    sasl: access.sasl ?? null,
    ssl: access.tls === true ? {} : access.tls || null,
    logger: SILENT,
    socketFactory: createSocketFactory(),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
  });
  const broker = new Broker({ connectionPool: pool, logger: SILENT, allowAutoTopicCreation: false });
  const closable = makeClosable(pool);
  const close = (): void => {
    life.removeEventListener('abort', close);
    closable.close();
  };
  life.addEventListener('abort', close, { once: true });
  if (life.aborted) close();
  const late = setTimeout(() => closable.close(new ConnectTimeoutError()), READY_TIMEOUT_MS);
  try {
    await Promise.race([broker.connect(), closable.closed]);
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    address: `${host}:${port}`,
    broker,
    maxVersion: (apiKey) => broker.versions?.[apiKey]?.maxVersion ?? 0,
    send: (request, timeoutMs = REQUEST_TIMEOUT_MS) => pool.send(toProtocol(request, timeoutMs)),
    close,
  };
}

/** The broker took the connection and then did not say enough to begin. */
export class ConnectTimeoutError extends Error {
  readonly code = 'ETIMEDOUT';
}

function toProtocol<T>(request: KafkaRequest<T>, requestTimeout: number) {
  return {
    request: { ...request, encode: async () => new kafkajsInternals.Encoder().writeBuffer(request.body) },
    response: { decode: async (bytes: Buffer) => request.decode(bytes), parse: async (decoded: T) => decoded },
    requestTimeout,
    logResponseError: false,
  };
}

const SILENT: SilentLogger = {
  info: () => undefined,
  error: () => undefined,
  warn: () => undefined,
  debug: () => undefined,
  namespace: () => SILENT,
};
