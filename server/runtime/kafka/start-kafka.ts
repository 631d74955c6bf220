import { type ChildProcess, spawn } from 'node:child_process';
import { freePort } from '../supervise/free-ports.ts';
import { fetchKafka } from './fetch-kafka.ts';
import type { Java } from './find-java.ts';
import type { KafkaPorts } from './kafka-properties.ts';
import { type KafkaAdditions, prepareKafka } from './prepare-kafka.ts';

export interface StartKafkaOptions {
  readonly java: Java;
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly mirror?: string | undefined;
  /** Free ports are taken when absent. */
  readonly ports?: KafkaPorts;
  readonly heapMb?: number;
  readonly additions?: KafkaAdditions | undefined;
}

/** A broker of one's own: for tests and tools. The product's supervisor spawns what `prepareKafka` answers itself. */
export interface RunningKafka {
  readonly brokers: string;
  readonly clusterId: string;
  readonly ports: KafkaPorts;
  /** Ends it: in order with SIGTERM (default), or like a power cut with SIGKILL. Resolves once the process is gone. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const START_TIMEOUT_MS = 180_000;
/** An orderly stop that takes longer is cut short. */
const STOP_TIMEOUT_MS = 15_000;

/** Fetches, prepares and spawns a broker, and answers once it accepts connections. It ends with this process. */
export async function startKafka(options: StartKafkaOptions): Promise<RunningKafka> {
  const jarsDir = await fetchKafka(options);
  const ports = options.ports ?? (await freePorts());
  const prepared = await prepareKafka({ ...options, jarsDir, ports });
  const child = spawn(prepared.command, prepared.args, { stdio: 'ignore' });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const gone = untilGone(child).finally(() => process.off('exit', endWithUs));
  const died = gone.then(() => {
    throw new Error(`Kafka ended while starting; see ${prepared.logDir}`);
  });
  died.catch(() => undefined);
  try {
    await Promise.race([prepared.waitReady(AbortSignal.timeout(START_TIMEOUT_MS)), died]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    brokers: prepared.brokers,
    clusterId: prepared.clusterId,
    ports,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const cut = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(cut);
    },
  };
}

function untilGone(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/** Two ports that are free now. */
export async function freePorts(): Promise<KafkaPorts> {
  const broker = await freePort();
  return { broker, controller: await freePort(new Set([broker])) };
}
