import type { Clock } from '../../ports/clock.ts';
import type { RecordSink } from '../../ports/source.ts';
import { askSink, CalledOffError } from '../ask-sink.ts';
import type { TopicChoice } from './cluster/discover-topics.ts';
import type { StartRule } from './cluster/offsets.ts';
import type { KafkaAccess, KafkaConnection } from './connection/kafka-connection.ts';
import type { MemberIdentity } from './group/group-member.ts';

/** How the first backfill of a named cluster is read. */
export interface BackfillOptions {
  /** Most bytes a second, as they come from the brokers; null for no cap. */
  readonly bytesPerS: number | null;
}

export interface KafkaSessionOptions {
  readonly access: KafkaAccess;
  readonly groupId: string;
  readonly start: StartRule;
  readonly choice: TopicChoice;
  readonly clock: Clock;
  readonly discoveryIntervalMs: number;
  readonly sessionTimeoutMs: number;
  /** Null: the first backfill is neither told nor held back. */
  readonly backfill: BackfillOptions | null;
  readonly decompressedCapBytes?: number | undefined;
}

/** What outlives a lost connection. */
export interface SourceMemory {
  readonly member: MemberIdentity;
}

/** What one session is made of. */
export interface KafkaSessionParts {
  readonly seed: KafkaConnection;
  /** Whoever aborts this closes every connection of the session; done by the caller once the session has ended. */
  readonly life: AbortSignal;
  readonly options: KafkaSessionOptions;
  readonly memory: SourceMemory;
  readonly sink: RecordSink;
  /** Told to stop. */
  readonly outer: AbortSignal;
  onConnected(): void;
}

/** What every part of a session has at hand. */
export interface SessionContext extends Omit<KafkaSessionParts, 'onConnected'> {
  /** Aborted once the session ends, for whatever reason. */
  readonly ending: AbortSignal;
  /** Asks the sink until it answers; throws `CalledOffError` once the session ends. */
  ask<T>(question: () => Promise<T>): Promise<T>;
  /** A loop of the session has failed: the session ends with this error, unless it is ending anyway. */
  failed(error: unknown): void;
}

/** `fail` hears of the first failure that is no consequence of the end. */
export function createSessionContext(
  parts: KafkaSessionParts,
  ending: AbortSignal,
  fail: (error: unknown) => void,
): SessionContext {
  return {
    ...parts,
    ending,
    ask: (question) => askSink(question, ending),
    failed: (error) => {
      if (!(error instanceof CalledOffError) && !ending.aborted) fail(error);
    },
  };
}
