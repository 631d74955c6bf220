import { createHash } from 'node:crypto';
import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { DiscoveredTopic, RecordSink, SinkAnswer, Source, TopicPartition } from '../ports/source.ts';
import { askSink, CalledOffError } from './ask-sink.ts';
import { type RecordedRecord, type Recording, readRecording, recordedBytes } from './read-recording.ts';
import { rewriteText } from './rewrite-text.ts';
import { createWake } from './wake.ts';

export interface ReplaySourceOptions {
  readonly recordingPath: string;
  /** Stands in for Kafka's cluster id. */
  readonly clusterKafkaId: string;
  readonly clock: Clock;
  /** How far back the first start begins, so that there is something to see at once. */
  readonly historyMs?: number;
}

const DEFAULT_HISTORY_MS = 10 * 60_000;
/** What lies further back is gone, as with a broker's retention; at least the history. */
const KEPT_MS = 60 * 60_000;
const TICK_MS = 250;
const BATCH_RECORDS = 500;

/**
 * Plays a recording round after round, as if a broker had it: round k is at `startedAt + k · period` on the wall clock,
 * record i of a partition with c records has offset k · c + i. So each offset has one content and one time, whoever reads
 * it and when; a source that was away catches up, and one that was away for long reports a hole.
 */
export function createReplaySource(options: ReplaySourceOptions): Source {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  return {
    async start(sink) {
      const recording = await readRecording(options.recordingPath);
      running = play(recording, options, sink, stopping.signal).catch((error) => {
        if (!(error instanceof CalledOffError)) throw error;
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

interface Lane {
  readonly partition: TopicPartition;
  readonly records: readonly RecordedRecord[];
  position: bigint;
}

async function play(
  recording: Recording,
  options: ReplaySourceOptions,
  sink: RecordSink,
  signal: AbortSignal,
): Promise<void> {
  const lanes = await openLanes(recording, options, sink, signal);
  sink.connection({ connected: true, message: null });
  const wake = createWake();
  while (!signal.aborted) {
    const nowMs = options.clock.now();
    for (const lane of lanes) await deliverDue(lane, recording, nowMs, options, sink, signal);
    const samples = lanes.map(({ partition, records }) => ({
      ...partition,
      low: endAt(records, recording, nowMs - keptMs(options)),
      high: endAt(records, recording, nowMs),
    }));
    await askSink(() => sink.watermarks(samples), signal);
    await wake.sleep(TICK_MS, signal);
  }
}

async function openLanes(
  recording: Recording,
  options: ReplaySourceOptions,
  sink: RecordSink,
  signal: AbortSignal,
): Promise<Lane[]> {
  const groups = new Map<string, RecordedRecord[]>();
  for (const record of [...recording.records].sort((a, b) => a.atMs - b.atMs)) {
    const key = `${record.topic}/${record.partition}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const registered = await askSink(
    () => sink.discovered({ kafkaId: options.clusterKafkaId }, topicsOf(recording)),
    signal,
  );
  const incarnations = new Map(registered.map(({ topic, incarnationId }) => [topic, incarnationId]));
  const lanes: Lane[] = [];
  for (const records of groups.values()) {
    const first = records[0];
    const incarnationId = incarnations.get(first?.topic ?? '');
    if (first === undefined || incarnationId === undefined) continue;
    const partition = { incarnationId, topic: first.topic, partition: first.partition };
    lanes.push({ partition, records, position: await standAt(partition, records, recording, options, sink, signal) });
  }
  return lanes;
}

async function standAt(
  partition: TopicPartition,
  records: readonly RecordedRecord[],
  recording: Recording,
  options: ReplaySourceOptions,
  sink: RecordSink,
  signal: AbortSignal,
): Promise<bigint> {
  const [stored] = await askSink(() => sink.positions([partition]), signal);
  if (stored?.nextOffset !== null && stored?.nextOffset !== undefined) return stored.nextOffset;
  const offset = endAt(records, recording, options.clock.now() - (options.historyMs ?? DEFAULT_HISTORY_MS));
  await askSink(() => sink.begin(partition, offset), signal);
  return offset;
}

/** Topic ids are made of the names, so that they stay the same. */
function topicsOf(recording: Recording): DiscoveredTopic[] {
  const highest = new Map<string, number>();
  for (const { topic, partition } of recording.records) {
    highest.set(topic, Math.max(highest.get(topic) ?? 0, partition));
  }
  return [...highest].map(([topic, partition]) => {
    const hex = createHash('sha256').update(topic).digest('hex');
    const topicId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
    return { topic, topicId, partitions: partition + 1 };
  });
}

function keptMs(options: ReplaySourceOptions): number {
  return Math.max(KEPT_MS, options.historyMs ?? DEFAULT_HISTORY_MS);
}

/** The offset after the last record that is due at `nowMs`; 0 before the recording began. */
function endAt(records: readonly RecordedRecord[], recording: Recording, nowMs: number): bigint {
  const sinceMs = nowMs - recording.startedAtMs;
  if (sinceMs < 0) return 0n;
  const round = Math.floor(sinceMs / recording.periodMs);
  const withinMs = sinceMs - round * recording.periodMs;
  const due = records.findIndex(({ atMs }) => atMs > withinMs);
  return BigInt(round) * BigInt(records.length) + BigInt(due < 0 ? records.length : due);
}

async function deliverDue(
  lane: Lane,
  recording: Recording,
  nowMs: number,
  options: ReplaySourceOptions,
  sink: RecordSink,
  signal: AbortSignal,
): Promise<void> {
  const low = endAt(lane.records, recording, nowMs - keptMs(options));
  const high = endAt(lane.records, recording, nowMs);
  if (lane.position < low) {
    const hole = { ...lane.partition, fromOffset: lane.position, toOffset: low, reason: 'retention' as const };
    settle(lane, low, await askSink(() => sink.hole(hole), signal));
  }
  while (lane.position < high && !signal.aborted) {
    const left = Number(high - lane.position);
    const count = Math.min(left, BATCH_RECORDS);
    const records = Array.from({ length: count }, (_, index) =>
      recordAt(lane.records, recording, lane.position + BigInt(index)),
    );
    const nextOffset = lane.position + BigInt(count);
    const batch = { ...lane.partition, records, nextOffset, highWatermark: high };
    settle(lane, nextOffset, await askSink(() => sink.deliver(batch), signal));
  }
}

function settle(lane: Lane, nextOffset: bigint, answer: SinkAnswer): void {
  lane.position = answer.kind === 'stored' ? nextOffset : answer.nextOffset;
}

function recordAt(records: readonly RecordedRecord[], recording: Recording, offset: bigint): SourceRecord {
  const count = BigInt(records.length);
  const round = Number(offset / count);
  const recorded = records[Number(offset % count)];
  if (recorded === undefined) throw new RangeError(`no record at offset ${offset}`);
  const shiftMs = round * recording.periodMs;
  const rewrite = (text: string): string => rewriteText(text, round, shiftMs);
  return {
    offset,
    timestampMs: millis(recording.startedAtMs + shiftMs + recorded.atMs),
    timestampType: 'CreateTime',
    key: recordedBytes(recorded.key, rewrite),
    value: recordedBytes(recorded.value, rewrite),
    headers: recorded.headers.map(([name, value]) => ({
      name: Buffer.from(name, 'utf8'),
      value: recordedBytes(value, rewrite),
    })),
  };
}
