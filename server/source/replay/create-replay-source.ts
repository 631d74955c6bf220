import { createHash } from 'node:crypto';
import type { SourceRecord } from '../../model/record.ts';
import { millis } from '../../model/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DiscoveredTopic, RecordSink, SinkAnswer, Source, TopicPartition } from '../../ports/source.ts';
import { askSink, CalledOffError } from '../ask-sink.ts';
import { createWake } from '../wake.ts';
import { type RecordedRecord, type Recording, readRecording, recordedBytes } from './read-recording.ts';
import { rewriteText } from './rewrite-text.ts';

export interface ReplaySourceOptions {
  readonly recordingPath: string;
  /** Stands in for Kafka's cluster id. */
  readonly clusterKafkaId: string;
  /** When round 0 began, on the wall clock. The same for as long as its offsets shall mean the same records. */
  readonly playedSinceMs: number;
  readonly clock: Clock;
}

/** What lies further back is gone, as with a broker's retention. */
const KEPT_MS = 60 * 60_000;
const TICK_MS = 250;
const BATCH_RECORDS = 500;

/**
 * Plays a recording round after round, as if a broker had it: round k is at `playedSince + k · period` on the wall
 * clock, record i of a partition with c records has offset k · c + i. So each offset has one content and one time,
 * whoever reads it and when; a source that was away catches up, and one that was away for long reports a hole. Another
 * recording, or one played since another time, is another life of the same topics, as if they had been deleted and made
 * again.
 */
export function createReplaySource(options: ReplaySourceOptions): Source {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  return {
    async start(sink) {
      const recording = await readRecording(options.recordingPath);
      running = play(asPlayed(recording, options), options, sink, stopping.signal).catch((error) => {
        if (!(error instanceof CalledOffError)) throw error;
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** A recording with its place in time. */
interface Played extends Recording {
  readonly since: number;
  /** Names what is played since when, in hex. Ids of topics and records are made of it. */
  readonly id: string;
}

function asPlayed(recording: Recording, { playedSinceMs }: ReplaySourceOptions): Played {
  return { ...recording, since: playedSinceMs, id: sha256(`${recording.digest}\0${playedSinceMs}`) };
}

interface Lane {
  readonly partition: TopicPartition;
  readonly records: readonly RecordedRecord[];
  position: bigint;
}

async function play(
  recording: Played,
  options: ReplaySourceOptions,
  sink: RecordSink,
  signal: AbortSignal,
): Promise<void> {
  const lanes = await openLanes(recording, options, sink, signal);
  sink.connection({ connected: true, message: null });
  const wake = createWake();
  while (!signal.aborted) {
    const nowMs = options.clock.now();
    for (const lane of lanes) await deliverDue(lane, recording, nowMs, sink, signal);
    const samples = lanes.map(({ partition, records }) => ({
      ...partition,
      low: endAt(records, recording, nowMs - KEPT_MS),
      high: endAt(records, recording, nowMs),
    }));
    await askSink(() => sink.watermarks(samples), signal);
    await wake.sleep(TICK_MS, signal);
  }
}

async function openLanes(
  recording: Played,
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
  recording: Played,
  options: ReplaySourceOptions,
  sink: RecordSink,
  signal: AbortSignal,
): Promise<bigint> {
  const [stored] = await askSink(() => sink.positions([partition]), signal);
  if (stored?.nextOffset !== null && stored?.nextOffset !== undefined) return stored.nextOffset;
  const offset = endAt(records, recording, options.clock.now() - KEPT_MS);
  await askSink(() => sink.begin([{ ...partition, nextOffset: offset, backfillEnd: null }]), signal);
  const [begun] = await askSink(() => sink.positions([partition]), signal);
  return begun?.nextOffset ?? offset;
}

function topicsOf(recording: Played): DiscoveredTopic[] {
  const highest = new Map<string, number>();
  for (const { topic, partition } of recording.records) {
    highest.set(topic, Math.max(highest.get(topic) ?? 0, partition));
  }
  return [...highest].map(([topic, partition]) => {
    const hex = sha256(`${recording.id}\0${topic}`);
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
    const topicId = parts.join('-');
    return { topic, topicId, partitions: partition + 1 };
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The offset after the last record that is due at `nowMs`; 0 before round 0 began. */
function endAt(records: readonly RecordedRecord[], recording: Played, nowMs: number): bigint {
  const sinceMs = nowMs - recording.since;
  if (sinceMs < 0) return 0n;
  const round = Math.floor(sinceMs / recording.periodMs);
  const withinMs = sinceMs - round * recording.periodMs;
  const due = records.findIndex(({ atMs }) => atMs > withinMs);
  return BigInt(round) * BigInt(records.length) + BigInt(due < 0 ? records.length : due);
}

async function deliverDue(
  lane: Lane,
  recording: Played,
  nowMs: number,
  sink: RecordSink,
  signal: AbortSignal,
): Promise<void> {
  const low = endAt(lane.records, recording, nowMs - KEPT_MS);
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
  if (answer.kind === 'stored') lane.position = nextOffset;
  // `lost` is never answered here: a replay claims nothing.
  if (answer.kind === 'moved') lane.position = answer.nextOffset;
}

function recordAt(records: readonly RecordedRecord[], recording: Played, offset: bigint): SourceRecord {
  const count = BigInt(records.length);
  const round = Number(offset / count);
  const recorded = records[Number(offset % count)];
  if (recorded === undefined) throw new RangeError(`no record at offset ${offset}`);
  const beganMs = recording.since + round * recording.periodMs;
  const rewrite = (text: string): string =>
    rewriteText(text, `${recording.id}\0${round}`, beganMs - recording.startedAtMs);
  return {
    offset,
    timestampMs: millis(beganMs + recorded.atMs),
    timestampType: 'CreateTime',
    key: recordedBytes(recorded.key, rewrite),
    value: recordedBytes(recorded.value, rewrite),
    headers: recorded.headers.map(([name, value]) => ({
      name: Buffer.from(name, 'utf8'),
      value: recordedBytes(value, rewrite),
    })),
  };
}
