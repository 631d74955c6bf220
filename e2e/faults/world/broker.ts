import path from 'node:path';
import { findJava } from '../../../server/runtime/kafka/find-java.ts';
import { type RunningKafka, startKafka } from '../../../server/runtime/kafka/start-kafka.ts';
import { downloads } from '../../support/services.ts';

/** An embedded Kafka that can be ended and started again at the same address, with its records. */
export interface Broker {
  /** `host:port` */
  readonly address: string;
  /** Starts it again. */
  start(): Promise<void>;
  /** Ends it in order with SIGTERM, or the hard way with SIGKILL. Resolves once it is gone. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a new, empty broker with its data in `folder`. It ends with this process. */
export async function startBroker(folder: string): Promise<Broker> {
  const { JAVA_HOME, PATH } = process.env;
  const java = await findJava({ javaHome: JAVA_HOME, path: PATH });
  if (java === null) throw new Error('Kafka needs Java 17 or newer, and there is none: install one, or set JAVA_HOME.');
  const options = { java, dataDir: path.join(folder, 'kafka'), ...downloads(), heapMb: 512 };
  let running: RunningKafka = await startKafka(options);
  const { ports, brokers } = running;
  return {
    address: brokers,
    async start() {
      running = await startKafka({ ...options, ports });
    },
    stop: (signal) => running.stop(signal),
  };
}
