import { setMaxListeners } from 'node:events';
import type { BrokerAddress } from '../wire/metadata-request.ts';
import { connectKafka, type KafkaAccess, type KafkaConnection } from './kafka-connection.ts';

/** The cluster names a leader whose address it does not tell. */
export class UnknownBrokerError extends Error {
  readonly code = 'unknown_broker';
  constructor(nodeId: number) {
    super(`the cluster names broker ${nodeId} as a leader, but not its address`);
  }
}

/** One connection per broker, made when first needed; at most as many as the cluster has brokers. */
export interface BrokerConnections {
  to(nodeId: number): Promise<KafkaConnection>;
  /** Connects to the first broker that is reached where the cluster says it is; rejects with the last failure. */
  toAny(): Promise<KafkaConnection>;
  /** Lets go of a broker's connection; the next `to` connects anew, to where the broker is then. */
  drop(nodeId: number): void;
}

/** `brokers` answers with the addresses as last discovered; all connections end with `life`. */
export function createBrokerConnections(
  access: KafkaAccess,
  life: AbortSignal,
  brokers: () => readonly BrokerAddress[],
): BrokerConnections {
  setMaxListeners(0, life); // one for each broker of the cluster
  const connections = new Map<number, Promise<KafkaConnection>>();
  const opened: BrokerConnections = {
    async toAny() {
      let failure: unknown = new Error('the cluster names no broker');
      for (const { nodeId } of brokers()) {
        try {
          return await opened.to(nodeId);
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },
    to(nodeId) {
      const kept = connections.get(nodeId);
      if (kept !== undefined) return kept;
      const address = brokers().find((broker) => broker.nodeId === nodeId);
      if (address === undefined) return Promise.reject(new UnknownBrokerError(nodeId));
      const connecting = connectKafka(address.host, address.port, access, life);
      connections.set(nodeId, connecting);
      connecting.catch(() => {
        if (connections.get(nodeId) === connecting) connections.delete(nodeId);
      });
      return connecting;
    },
    drop(nodeId) {
      const lost = connections.get(nodeId);
      connections.delete(nodeId);
      lost?.then((open) => open.close()).catch(() => undefined);
    },
  };
  return opened;
}
