import { createRequire } from 'node:module';
import type { ConnectionOptions } from 'node:tls';

/*
 * kafkajs's own consumer stops for all topics when one has an error, dies with a `TypeError` thrown in a handler, and
 * commits a default offset when it is out of range. The tap therefore uses the layer below it, one broker connection
 * with TLS, sign-in and request timeouts, which the package does not export by name.
 */

/** A logger that says nothing: the source reports in its own words. */
export interface SilentLogger {
  info(): void;
  error(): void;
  warn(): void;
  debug(): void;
  namespace(): SilentLogger;
}

export interface ProtocolRequest<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<unknown>;
  };
  readonly response: { decode(bytes: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}

/** What kafkajs tells whoever opens its sockets. */
export interface SocketRequest {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | null;
  /** To be called once requests can be sent. */
  readonly onConnect: () => void;
}

/** One socket of kafkajs's pool. */
export interface InternalConnection {
  /** How long the broker lets a sign-in stand, in ms (a `Long`); 0 is for ever. */
  readonly sessionLifetime: { toNumber(): number };
  isConnected(): boolean;
  disconnect(): Promise<unknown>;
  rejectRequests(error: Error): void;
  readonly socket?: { destroy(): void };
}

export interface InternalPool {
  readonly pool: readonly InternalConnection[];
  getConnection(index?: number): Promise<InternalConnection>;
  send<T>(request: ProtocolRequest<T>): Promise<T>;
}

interface GroupMembership {
  readonly groupId: string;
  readonly memberId: string;
}

export interface InternalBroker {
  readonly versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>> | null;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findGroupCoordinator(of: {
    groupId: string;
    coordinatorType: number;
  }): Promise<{ coordinator: { nodeId: number; host: string; port: number } }>;
  joinGroup(
    request: GroupMembership & {
      sessionTimeout: number;
      rebalanceTimeout: number;
      groupProtocols: readonly { name: string; metadata: Buffer }[];
    },
  ): Promise<{
    generationId: number;
    leaderId: string;
    memberId: string;
    members: readonly { memberId: string }[];
  }>;
  syncGroup(
    request: GroupMembership & {
      generationId: number;
      groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[];
    },
  ): Promise<{ memberAssignment: Buffer | null }>;
  heartbeat(request: GroupMembership & { groupGenerationId: number }): Promise<unknown>;
  leaveGroup(request: GroupMembership): Promise<unknown>;
  offsetCommit(
    request: GroupMembership & {
      groupGenerationId: number;
      topics: readonly { topic: string; partitions: readonly { partition: number; offset: string }[] }[];
    },
  ): Promise<unknown>;
  describeConfigs(request: {
    resources: readonly { type: number; name: string; configNames: readonly string[] }[];
  }): Promise<{
    resources: readonly { configEntries: readonly { configName: string; configValue: string | null }[] }[];
  }>;
}

export interface RequestQueue {
  pending: readonly unknown[];
}

interface RequestQueueClass {
  prototype: { scheduleCheckPendingRequests(this: RequestQueue): void };
}

interface KafkajsInternals {
  /** Of a socket that failed, was closed, or did not open in time; not among the names an import finds. */
  ConnectionError: new (
    ...args: never[]
  ) => Error;
  Broker: new (options: {
    connectionPool: InternalPool;
    logger: SilentLogger;
    allowAutoTopicCreation: boolean;
  }) => InternalBroker;
  ConnectionPool: new (options: Readonly<Record<string, unknown>>) => InternalPool;
  Encoder: new () => { writeBuffer(bytes: Buffer): unknown };
  RequestQueue: RequestQueueClass;
}

const load = createRequire(import.meta.url);

/**
 * The shapes above are those of kafkajs 2.2.4, which package.json pins exactly; the Kafka tests exercise each of them.
 */
function loadInternals(): KafkajsInternals {
  return {
    ConnectionError: load('kafkajs/src/errors').KafkaJSConnectionError,
    Broker: load('kafkajs/src/broker'),
    ConnectionPool: load('kafkajs/src/network/connectionPool'),
    Encoder: load('kafkajs/src/protocol/encoder'),
    RequestQueue: load('kafkajs/src/network/requestQueue'),
  };
}

export const kafkajsInternals: KafkajsInternals = loadInternals();
