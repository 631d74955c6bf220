import type { ConnectionOptions } from 'node:tls';
import type { KafkaRequest } from '../wire/kafka-request.ts';
import { type AddressMap, describeAddress, type HostPort } from './broker-address.ts';
import { ConnectionClosedError, makeClosable } from './closable-pool.ts';
import { type BrokerDialler, createBrokerDialler } from './dial-broker.ts';
import { quietIdleConnections } from './kafkajs-idle-timer.ts';
import { type InternalBroker, kafkajsInternals, type SilentLogger } from './kafkajs-internals.ts';
import { renewSignInsEarly } from './renew-sign-ins.ts';
import { type SignIn, saslOptions } from './sign-in.ts';

/** How to reach a cluster and sign in to it. */
export interface KafkaAccess {
  readonly clientId: string;
  readonly sasl?: SignIn | undefined;
  /** TLS on when present; `true` trusts the system's authorities. */
  readonly tls?: ConnectionOptions | boolean | undefined;
  readonly addressMap?: AddressMap | undefined;
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

/** A broker could not be connected to. `cause` is the socket's own error, or kafkajs's. */
export class ConnectFailedError extends Error {
  readonly code = 'connect_failed';
  readonly broker: HostPort;
  /** For people: where the broker is reached, too, when that is elsewhere. */
  readonly address: string;
  /** What was being done: opening a socket, the TLS handshake, the first question, the sign-in. */
  readonly step: 'dial' | 'tls' | 'versions' | 'sign-in';
  constructor(broker: HostPort, address: string, step: ConnectFailedError['step'], cause: unknown) {
    super(`could not connect to ${address}`, { cause });
    this.broker = broker;
    this.address = address;
    this.step = step;
  }
}

/**
 * Connects and signs in. Rejects with `ConnectFailedError`; `troubleSentence` puts it into words. Once `life` is
 * aborted the connection is closed, also one that is still being made, and every request in flight is rejected.
 */
export async function connectKafka(
  host: string,
  port: number,
  access: KafkaAccess,
  life: AbortSignal,
): Promise<KafkaConnection> {
  quietIdleConnections();
  const { Broker, ConnectionPool } = kafkajsInternals;
  const dialler = createBrokerDialler(access.addressMap);
  const pool = new ConnectionPool({
    host,
    port,
    clientId: access.clientId,
    sasl: access.sasl === undefined ? null : saslOptions(access.sasl),
    ssl: access.tls === true ? {} : access.tls || null,
    logger: SILENT,
    socketFactory: dialler.dial,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
  });
  renewSignInsEarly(pool);
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
    if (error instanceof ConnectionClosedError) throw error;
    const address = describeAddress({ host, port }, access.addressMap);
    throw new ConnectFailedError({ host, port }, address, stepOf(dialler, broker), causeOf(error, dialler));
  } finally {
    clearTimeout(late);
  }
  return {
    address: describeAddress({ host, port }, access.addressMap),
    broker,
    maxVersion: (apiKey) => broker.versions?.[apiKey]?.maxVersion ?? 0,
    send: (request, timeoutMs = REQUEST_TIMEOUT_MS) => pool.send(toProtocol(request, timeoutMs)),
    close,
  };
}

/** kafkajs hands on the code of a socket's error alone, and says nothing of its own time-out. */
function causeOf(error: unknown, { failure, reached }: BrokerDialler): unknown {
  if (!(error instanceof kafkajsInternals.ConnectionError)) return error;
  return failure ?? (reached === 'open' ? error : new ConnectTimeoutError());
}

function stepOf({ reached }: BrokerDialler, { versions }: InternalBroker): ConnectFailedError['step'] {
  if (reached !== 'open') return reached;
  return versions === null ? 'versions' : 'sign-in';
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
