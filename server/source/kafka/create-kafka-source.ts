import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import type { RecordSink, Source } from '../../ports/source.ts';
import type { TopicChoice } from './cluster/discover-topics.ts';
import type { StartRule } from './cluster/offsets.ts';
import { connectAny } from './connection/connect-any.ts';
import type { KafkaAccess } from './connection/kafka-connection.ts';
import { type TroubleContext, troubleSentence } from './connection/trouble-sentence.ts';
import { runKafkaSession } from './run-kafka-session.ts';
import type { BackfillOptions, KafkaSessionParts, SourceMemory } from './session-context.ts';

export interface KafkaSourceOptions extends KafkaAccess, TopicChoice {
  /** `host:port` of brokers to begin with; any one that answers will do. */
  readonly brokers: readonly string[];
  readonly groupId: string;
  readonly start: StartRule;
  readonly clock: Clock;
  /** Topics are looked for at least this often. */
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
  let connected = false;
  const onConnected = (): void => {
    pauseMs = RETRY_FIRST_MS;
    if (!connected) sink.connection({ connected: true, message: null });
    connected = true;
  };
  while (!signal.aborted) {
    const tried: Tried = { address: options.brokers.join(', '), brokers: null };
    try {
      await liveOnce(options, { memory, sink, outer: signal, onConnected }, tried);
    } catch (error) {
      if (signal.aborted) return;
      const { groupId } = options;
      const trouble = troubleSentence(error, { access: options, groupId, ...tried });
      connected = false;
      sink.connection({ connected, message: `${trouble} Trying again in ${pauseMs / 1000} s.` });
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(Math.ceil((pauseMs * 1.5) / 1000) * 1000, RETRY_LAST_MS);
    }
  }
}

/** How far a life came, for the words about its end. */
type Tried = { -readonly [Key in 'address' | 'brokers']: TroubleContext[Key] };

/** From the first connection to the last one closed. Called off while connecting, it ends at once. */
async function liveOnce(
  options: KafkaSourceOptions,
  parts: Pick<KafkaSessionParts, 'memory' | 'sink' | 'outer' | 'onConnected'>,
  tried: Tried,
): Promise<void> {
  const life = new AbortController();
  const callOff = (): void => life.abort();
  parts.outer.addEventListener('abort', callOff, { once: true });
  try {
    const seed = await connectAny(options.brokers, options, life.signal);
    tried.address = seed.address;
    const onDiscovered = (brokers: number): void => {
      tried.brokers = brokers;
    };
    parts.outer.removeEventListener('abort', callOff);
    await runKafkaSession({ ...parts, seed, life: life.signal, onDiscovered, options: sessionOptions(options) });
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
