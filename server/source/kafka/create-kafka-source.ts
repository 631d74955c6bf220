import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import type { RecordSink, Source } from '../../ports/source.ts';
import type { TopicChoice } from './cluster/discover-topics.ts';
import type { StartRule } from './cluster/offsets.ts';
import { connectionTrouble } from './connection/connection-trouble.ts';
import { connectKafka, type KafkaAccess, type KafkaConnection } from './connection/kafka-connection.ts';
import { runKafkaSession } from './run-kafka-session.ts';
import type { BackfillOptions, KafkaSessionParts, SourceMemory } from './session-context.ts';

export interface KafkaSourceOptions extends KafkaAccess, TopicChoice {
  /** `host:port` of brokers to begin with; any one that answers will do. */
  readonly brokers: readonly string[];
  readonly groupId: string;
  readonly start: StartRule;
  readonly clock: Clock;
  /** How often topics are looked for. */
  readonly discoveryIntervalMs?: number;
  /** After this long without a heartbeat Kafka gives our partitions to another tap. */
  readonly sessionTimeoutMs?: number;
  /** Present: the first backfill is told before it is read, and held to a rate. */
  readonly backfill?: BackfillOptions;
  /** Largest decompressed size of one record batch. */
  readonly decompressedCapBytes?: number;
}

const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 30_000;

/**
 * Reads every topic of a Kafka cluster, as one member of a consumer group of taps. Read-only: it creates no topic and
 * writes nothing but its own group's offsets. A cluster that cannot be reached is tried again after 1, 2, 3, 5, 8 … 30
 * s, for ever, and each try is told to the sink in words.
 */
export function createKafkaSource(options: KafkaSourceOptions): Source {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  return {
    async start(sink) {
      running = keepConnected(options, sink, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function keepConnected(options: KafkaSourceOptions, sink: RecordSink, signal: AbortSignal): Promise<void> {
  const memory: SourceMemory = { member: { memberId: '' } };
  let pauseMs = RETRY_FIRST_MS;
  const onConnected = (): void => {
    pauseMs = RETRY_FIRST_MS;
    sink.connection({ connected: true, message: null });
  };
  while (!signal.aborted) {
    const tried = { address: options.brokers.join(', ') };
    try {
      await liveOnce(options, { memory, sink, outer: signal, onConnected }, tried);
    } catch (error) {
      if (signal.aborted) return;
      const why = connectionTrouble(error);
      const message = `No answer from ${tried.address} (${why}). Trying again in ${pauseMs / 1000} s.`;
      sink.connection({ connected: false, message });
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(Math.ceil((pauseMs * 1.5) / 1000) * 1000, RETRY_LAST_MS);
    }
  }
}

/** From the first connection to the last one closed. Called off while connecting, it ends at once. */
async function liveOnce(
  options: KafkaSourceOptions,
  parts: Pick<KafkaSessionParts, 'memory' | 'sink' | 'outer' | 'onConnected'>,
  tried: { address: string },
): Promise<void> {
  const life = new AbortController();
  const callOff = (): void => life.abort();
  parts.outer.addEventListener('abort', callOff, { once: true });
  try {
    const seed = await connectAny(options, life.signal);
    tried.address = seed.address;
    parts.outer.removeEventListener('abort', callOff);
    await runKafkaSession({ ...parts, seed, life: life.signal, options: sessionOptions(options) });
  } finally {
    parts.outer.removeEventListener('abort', callOff);
    life.abort();
  }
}

function sessionOptions(options: KafkaSourceOptions) {
  return {
    access: options,
    groupId: options.groupId,
    start: options.start,
    choice: options,
    clock: options.clock,
    discoveryIntervalMs: options.discoveryIntervalMs ?? 5_000,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 12_000,
    backfill: options.backfill ?? null,
    decompressedCapBytes: options.decompressedCapBytes,
  };
}

/** The first broker of the list that answers; throws the last one's failure. */
async function connectAny(options: KafkaSourceOptions, life: AbortSignal): Promise<KafkaConnection> {
  let failure: unknown = new Error('no broker is named');
  for (const address of options.brokers) {
    if (life.aborted) break;
    const { host, port } = splitAddress(address);
    try {
      return await connectKafka(host, port, options, life);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** `host:port`, `[::1]:port`, or a host alone with Kafka's usual port. */
function splitAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(address.trim());
  return { host: match?.[1] ?? match?.[2] ?? address, port: Number(match?.[3] ?? 9092) };
}
