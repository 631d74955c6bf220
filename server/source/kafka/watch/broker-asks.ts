import type { BrokerConnections } from '../connection/broker-connections.ts';
import { connectionTrouble } from '../connection/connection-trouble.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import { kafkaErrorCode } from '../connection/kafka-error-code.ts';
import { MalformedBytesError } from '../wire/kafka-bytes.ts';
import type { KafkaRequest } from '../wire/kafka-request.ts';

/** What a broker answered, or why it did not, in words. */
export type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Asks single brokers and counts the requests; a broker that fails is an answer, not a throw. */
export interface BrokerAsks {
  ask<T>(nodeId: number, make: (connection: KafkaConnection) => KafkaRequest<T>): Promise<Answered<T>>;
  /** Several requests one after the other; the first failure ends it. */
  askAll<T>(
    nodeId: number,
    make: (connection: KafkaConnection) => readonly KafkaRequest<readonly T[]>[],
  ): Promise<Answered<readonly T[]>>;
  /** Requests sent so far. */
  count(): number;
}

/** A broker that did not answer is left alone for the rest of this look: it costs one time-out, not one a question. */
export function createBrokerAsks(connections: BrokerConnections): BrokerAsks {
  const away = new Map<number, string>();
  let requests = 0;

  const answered = async <T>(nodeId: number, work: (to: KafkaConnection) => Promise<T>): Promise<Answered<T>> => {
    const known = away.get(nodeId);
    if (known !== undefined) return { ok: false, why: known };
    try {
      return { ok: true, value: await work(await connections.to(nodeId)) };
    } catch (error) {
      const why = `Broker ${nodeId} does not answer (${connectionTrouble(error)}).`;
      // Bytes that make no sense and errors that Kafka answered with come over a connection that works.
      if (!(error instanceof MalformedBytesError) && kafkaErrorCode(error) === null) {
        away.set(nodeId, why);
        connections.drop(nodeId);
      }
      return { ok: false, why };
    }
  };

  return {
    ask: (nodeId, make) =>
      answered(nodeId, (connection) => {
        requests += 1;
        return connection.send(make(connection));
      }),
    askAll: <T>(nodeId: number, make: (to: KafkaConnection) => readonly KafkaRequest<readonly T[]>[]) =>
      answered(nodeId, async (connection) => {
        const values: T[] = [];
        for (const request of make(connection)) {
          requests += 1;
          for (const value of await connection.send(request)) values.push(value);
        }
        return values;
      }),
    count: () => requests,
  };
}
