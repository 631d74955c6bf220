import { rawBytes, type SourceRecord } from '../../../model/record.ts';
import type { HoleReason } from '../../../model/wire.ts';
import type { RecordSink, SinkAnswer, TopicPartition } from '../../../ports/source.ts';
import { askSink, CalledOffError } from '../../ask-sink.ts';
import { DECOMPRESSED_CAP_BYTES, TooLargeError } from '../wire/decompress.ts';
import type { FetchedPartition } from '../wire/fetch-request.ts';
import { MalformedBytesError } from '../wire/kafka-bytes.ts';
import { abortedFilter, endOfLog, type PackedBatch, packedBatches, unpackRecords } from '../wire/record-batch.ts';
import type { UnpackRoom } from './unpack-room.ts';

/** Largest delivery, in records and in bytes of keys, values and headers. */
const DELIVERY_LIMITS = { records: 5_000, bytes: 16 * 1024 * 1024 } as const;

export interface PartitionReaderOptions {
  readonly partition: TopicPartition;
  /** Stored position to go on from. */
  readonly position: bigint;
  /** Leadership that wrote the last record below it; null when not known. */
  readonly leaderEpoch?: number | null;
  readonly sink: RecordSink;
  /**
   * True when missing offsets are legal on this topic: it is compacted. Asked at most once per stretch, when some are
   * missing.
   */
  isCompacted(): Promise<boolean>;
  /** The partition is another tap's now: nothing more is taken up. */
  onLost?(): void;
  readonly decompressedCapBytes?: number;
  /** Shared by all readers. */
  readonly unpackRoom: UnpackRoom;
}

/**
 * Hands what was fetched of one partition to the sink, in order and without a gap it does not report. One stretch of
 * log is in hand and one more may wait; until that is taken up nothing further is fetched.
 */
export interface PartitionReader {
  readonly partition: TopicPartition;
  /** The next offset to deliver: everything below is stored. */
  readonly position: bigint;
  /** Where to fetch next, or null while enough is waiting. */
  readonly fetchFrom: bigint | null;
  /** Leadership that wrote the last batch below `fetchFrom`; null when not known. */
  readonly fetchEpoch: number | null;
  /** One past the last offset that was fetched, delivered or not. */
  readonly fetchedTo: bigint;
  readonly bufferedBytes: number;
  /** Bytes of the stretch that is delivered next; 0 when none waits. */
  readonly nextBytes: number;
  readonly low: bigint | null;
  readonly high: bigint | null;
  /**
   * Takes what a fetch that began at `from` brought; ignores it when the reader has moved since. Throws
   * `MalformedBytesError` for bytes that lead nowhere: fetching them again at once would go on for ever.
   */
  accept(from: bigint, fetched: FetchedPartition): void;
  /** Delivers one waiting stretch; answers false when none waits or one is in hand. Never throws. */
  work(): Promise<boolean>;
  readonly hasWork: boolean;
  /**
   * The log now begins at `low`, above the position: reports the hole and goes on there. False while something waits.
   */
  skipTo(low: bigint, reason: HoleReason): Promise<boolean>;
  /**
   * The log parted from what we read at `from`, below the position: names the offsets between as a hole, whatever
   * stands there now. False while something waits.
   */
  reportRewritten(from: bigint): Promise<boolean>;
  /** Takes up no more; resolves once nothing is in hand. */
  stop(): Promise<void>;
}

interface Stretch {
  readonly fetched: FetchedPartition;
  readonly generation: number;
}

const MAX_WAITING = 2;

export function createPartitionReader(options: PartitionReaderOptions): PartitionReader {
  return new Reader(options);
}

class Reader implements PartitionReader {
  readonly partition: TopicPartition;
  position: bigint;
  low: bigint | null = null;
  high: bigint | null = null;
  private readonly options: PartitionReaderOptions;
  private fetchOffset: bigint;
  fetchEpoch: number | null;
  /** Leadership of the batch that was taken up last. */
  private seenEpoch: number | null;
  private waiting: Stretch[] = [];
  /** Counts moves: a stretch of an earlier one is thrown away. */
  private generation = 0;
  /** Records taken up and not delivered yet, within `DELIVERY_LIMITS`. */
  private pending: SourceRecord[] = [];
  private pendingBytes = 0;
  /** Bytes of the unpack room that `pending` holds. */
  private unpackedBytes = 0;
  /** One past the last offset that was looked at, record or none. */
  private seen: bigint;
  private inHand: Promise<void> | null = null;
  /** The answer of `isCompacted` for the stretch in hand; a compacted log has gaps everywhere. */
  private compacted: boolean | null = null;
  private readonly stopping = new AbortController();
  /** Takes up no more: told to stop, or lost. A field, because each reader is asked at each fetch. */
  private stopped = false;

  constructor(options: PartitionReaderOptions) {
    this.options = options;
    this.partition = options.partition;
    this.position = options.position;
    this.fetchOffset = options.position;
    this.seen = options.position;
    this.fetchEpoch = options.leaderEpoch ?? null;
    this.seenEpoch = this.fetchEpoch;
  }

  get fetchFrom(): bigint | null {
    return this.waiting.length >= MAX_WAITING || this.stopped ? null : this.fetchOffset;
  }

  get fetchedTo(): bigint {
    return this.fetchOffset;
  }

  get nextBytes(): number {
    return this.waiting[0]?.fetched.log.length ?? 0;
  }

  get bufferedBytes(): number {
    return this.waiting.reduce((sum, stretch) => sum + stretch.fetched.log.length, 0);
  }

  get hasWork(): boolean {
    return this.waiting.length > 0 && this.inHand === null && !this.stopped;
  }

  accept(from: bigint, fetched: FetchedPartition): void {
    if (fetched.logStart >= 0n) this.low = fetched.logStart;
    if (fetched.highWatermark >= 0n) this.high = fetched.highWatermark;
    if (from !== this.fetchOffset || this.stopped) return;
    if (fetched.log.length === 0) return;
    const { end, leaderEpoch } = endOfLog(fetched.log);
    if (end <= from) throw new MalformedBytesError(`a fetch at ${from} brought records up to ${end} only`);
    this.fetchOffset = end;
    this.fetchEpoch = knownEpoch(leaderEpoch);
    this.waiting.push({ fetched, generation: this.generation });
  }

  async work(): Promise<boolean> {
    if (!this.hasWork) return false;
    const stretch = this.waiting.shift();
    if (stretch === undefined) return false;
    this.inHand = this.deliverStretch(stretch).finally(() => {
      this.inHand = null;
    });
    await this.inHand;
    return true;
  }

  async skipTo(low: bigint, reason: HoleReason): Promise<boolean> {
    if (this.inHand !== null || this.waiting.length > 0 || low <= this.position) return false;
    this.inHand = this.reportHole(low, reason)
      .catch((error) => this.onlyWhenEnded(error))
      .finally(() => {
        this.inHand = null;
      });
    await this.inHand;
    return true;
  }

  async reportRewritten(from: bigint): Promise<boolean> {
    if (this.inHand !== null || this.waiting.length > 0) return false;
    const hole = { ...this.partition, fromOffset: from, toOffset: this.position, reason: 'identity unknown' } as const;
    this.inHand = askSink(() => this.options.sink.rewritten(hole), this.stopping.signal)
      .then(() => {
        this.fetchEpoch = null;
      })
      .catch((error) => this.onlyWhenEnded(error))
      .finally(() => {
        this.inHand = null;
      });
    await this.inHand;
    return true;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.abort();
    this.waiting = [];
    await this.inHand;
  }

  private async deliverStretch({ fetched, generation }: Stretch): Promise<void> {
    this.compacted = null;
    try {
      const isAborted = abortedFilter(fetched.aborted);
      for (const batch of packedBatches(fetched.log)) {
        const aborted = isAborted(batch);
        if (generation !== this.generation) return;
        if (batch.lastOffset >= this.position) await this.takeBatch(batch, aborted, generation);
      }
      if (generation === this.generation) await this.flush(this.expected());
    } catch (error) {
      this.onlyWhenEnded(error);
    } finally {
      this.leaveRoom();
    }
  }

  private async takeBatch(batch: PackedBatch, aborted: boolean, generation: number): Promise<void> {
    if (batch.baseOffset > this.expected()) await this.passGap(batch.baseOffset);
    if (generation !== this.generation) return;
    // Who waits for room must not hold any: all might wait for each other.
    if (batch.codec !== 0 && this.unpackedBytes > 0 && this.options.unpackRoom.full) await this.flush(this.expected());
    if (generation !== this.generation) return;
    const unpacked = batch.control || aborted ? [] : await this.unpack(batch);
    if ('reason' in unpacked) {
      await this.flush(this.expected());
      if (generation === this.generation) await this.reportHole(batch.lastOffset + 1n, unpacked.reason);
      return;
    }
    // A delivery before this one's end says who wrote its last record: no other batch is between them.
    this.seenEpoch = knownEpoch(batch.leaderEpoch);
    const missing = !batch.control && !aborted && BigInt(unpacked.length) <= batch.lastOffset - batch.baseOffset;
    for (const record of unpacked) {
      if (record.offset < this.position) continue;
      if (missing && record.offset > this.expected()) await this.passGap(record.offset);
      if (generation !== this.generation) return;
      // Nothing is awaited for a record that only joins the others: a promise each would cost as much as reading it.
      if (!this.take(record)) continue;
      await this.flush(this.seen);
      if (generation !== this.generation) return;
    }
    if (missing && batch.lastOffset >= this.expected()) await this.passGap(batch.lastOffset + 1n);
    if (generation === this.generation) this.seen = later(this.seen, batch.lastOffset + 1n);
  }

  /** True when what is pending makes a delivery. */
  private take(record: SourceRecord): boolean {
    this.pending.push(record);
    this.pendingBytes += rawBytes(record);
    this.seen = record.offset + 1n;
    return this.pending.length >= DELIVERY_LIMITS.records || this.pendingBytes >= DELIVERY_LIMITS.bytes;
  }

  /** The first offset that nothing has been seen of yet. */
  private expected(): bigint {
    return later(this.position, this.seen);
  }

  /** Offsets below `to` are missing. Legal under compaction; anywhere else it is loss, and shown as a hole. */
  private async passGap(to: bigint): Promise<void> {
    const generation = this.generation;
    this.compacted ??= await this.options.isCompacted();
    if (!this.compacted) {
      await this.flush(this.expected());
      if (generation !== this.generation) return;
      await this.reportHole(to, 'unknown');
    }
    if (generation === this.generation) this.seen = later(this.seen, to);
  }

  private async unpack(batch: PackedBatch): Promise<SourceRecord[] | { readonly reason: HoleReason }> {
    const unpack = () => unpackRecords(batch, this.options.decompressedCapBytes ?? DECOMPRESSED_CAP_BYTES);
    try {
      if (batch.codec === 0) return await unpack();
      return await this.options.unpackRoom.unpack(unpack, (records) => {
        const bytes = records.reduce((sum, record) => sum + rawBytes(record), 0);
        this.unpackedBytes += bytes;
        return bytes;
      });
    } catch (error) {
      // Damaged or oversized bytes stay so: the batch becomes a hole that is shown, and the tap goes on.
      return { reason: error instanceof TooLargeError ? 'too large' : 'unknown' };
    }
  }

  private async flush(nextOffset: bigint): Promise<void> {
    const records = this.pending;
    const unpackedBytes = this.unpackedBytes;
    this.pending = [];
    this.pendingBytes = 0;
    this.unpackedBytes = 0;
    try {
      if (nextOffset <= this.position) return;
      const highWatermark = later(this.high ?? 0n, nextOffset);
      const batch = { ...this.partition, records, nextOffset, highWatermark, leaderEpoch: this.seenEpoch };
      this.settle(await this.untilAnswered(() => this.options.sink.deliver(batch)), nextOffset);
    } finally {
      this.options.unpackRoom.leave(unpackedBytes);
    }
  }

  private async reportHole(toOffset: bigint, reason: HoleReason): Promise<void> {
    if (toOffset <= this.position) return;
    const hole = { ...this.partition, fromOffset: this.position, toOffset, reason };
    this.settle(await this.untilAnswered(() => this.options.sink.hole(hole)), toOffset);
    if (this.position <= this.fetchOffset) return;
    this.fetchOffset = this.position;
    this.fetchEpoch = null;
  }

  private settle(answer: SinkAnswer, nextOffset: bigint): void {
    if (answer.kind === 'stored') {
      this.position = nextOffset;
      return;
    }
    this.generation += 1;
    if (answer.kind === 'moved') {
      this.position = answer.nextOffset;
      this.fetchOffset = answer.nextOffset;
      this.fetchEpoch = null;
      this.seenEpoch = null;
      this.seen = answer.nextOffset;
    } else {
      this.stopped = true;
      this.options.onLost?.();
    }
    this.pending = [];
    this.pendingBytes = 0;
    this.leaveRoom();
    this.waiting = [];
  }

  private leaveRoom(): void {
    this.options.unpackRoom.leave(this.unpackedBytes);
    this.unpackedBytes = 0;
  }

  private untilAnswered(ask: () => Promise<SinkAnswer>): Promise<SinkAnswer> {
    return askSink(ask, this.stopping.signal);
  }

  /** A stop in the middle of a retry ends the stretch; nothing is lost, the position has not moved. */
  private onlyWhenEnded(error: unknown): void {
    if (!(error instanceof CalledOffError)) throw error;
  }
}

function knownEpoch(leaderEpoch: number): number | null {
  return leaderEpoch < 0 ? null : leaderEpoch;
}

function later(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
