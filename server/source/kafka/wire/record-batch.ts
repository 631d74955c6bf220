import type { RecordHeader, SourceRecord, TimestampType } from '../../../model/record.ts';
import { millis } from '../../../model/time.ts';
import { decompress } from './decompress.ts';
import { ByteReader, MalformedBytesError } from './kafka-bytes.ts';

/** The header of one record batch as a broker stores it, with its records still packed. */
export interface PackedBatch {
  readonly baseOffset: bigint;
  /** Last offset the batch covers; kept by the broker even when compaction removed that record. */
  readonly lastOffset: bigint;
  /** Which leadership wrote it; −1 when not known. */
  readonly leaderEpoch: number;
  readonly codec: number;
  readonly timestampType: TimestampType;
  readonly transactional: boolean;
  /** Holds no records of producers, only a transaction's end. */
  readonly control: boolean;
  readonly baseTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly recordCount: number;
  readonly packed: Buffer;
  /** False for the formats before Kafka 0.11, which are not read. */
  readonly known: boolean;
}

const LOG_OVERHEAD_BYTES = 12;
const MAGIC_AT = 16;
const LENGTH_AT = 8;

/** The batches in a fetched stretch of log. The last one may be cut off; it is left out and comes whole next time. */
export function* packedBatches(log: Buffer): Generator<PackedBatch> {
  for (let at = 0; at + MAGIC_AT < log.length; ) {
    const length = log.readInt32BE(at + LENGTH_AT);
    if (length <= 0) throw new MalformedBytesError(`a record batch claims ${length} bytes`);
    const end = at + LOG_OVERHEAD_BYTES + length;
    if (end > log.length) return;
    yield readHeader(log.subarray(at, end));
    at = end;
  }
}

/** The offset after the last whole batch of a stretch, −1 when it holds none, and the leadership that wrote it. */
export function endOfLog(log: Buffer): { readonly end: bigint; readonly leaderEpoch: number } {
  let last = { end: -1n, leaderEpoch: -1 };
  for (const { lastOffset, leaderEpoch } of packedBatches(log)) last = { end: lastOffset + 1n, leaderEpoch };
  return last;
}

function readHeader(bytes: Buffer): PackedBatch {
  const reader = new ByteReader(bytes);
  const baseOffset = reader.int64();
  reader.int32(); // length
  const leaderEpoch = reader.int32();
  if (reader.int8() !== 2) return unknownFormat(baseOffset);
  reader.int32(); // CRC: TCP and the broker have checked it
  const attributes = reader.int16();
  const lastOffset = baseOffset + BigInt(reader.int32());
  const baseTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  const producerId = reader.int64();
  reader.int16(); // producer epoch
  reader.int32(); // base sequence
  return {
    baseOffset,
    lastOffset,
    leaderEpoch,
    codec: attributes & 7,
    timestampType: (attributes & 8) !== 0 ? 'LogAppendTime' : 'CreateTime',
    transactional: (attributes & 16) !== 0,
    control: (attributes & 32) !== 0,
    baseTimestamp,
    maxTimestamp,
    producerId,
    recordCount: reader.int32(),
    packed: reader.raw(reader.remaining),
    known: true,
  };
}

/** In the old formats an entry carries the offset of its last message. */
function unknownFormat(offset: bigint): PackedBatch {
  return {
    baseOffset: offset,
    lastOffset: offset,
    leaderEpoch: -1,
    codec: 0,
    timestampType: 'CreateTime',
    transactional: false,
    control: false,
    baseTimestamp: 0n,
    maxTimestamp: 0n,
    producerId: -1n,
    recordCount: 0,
    packed: Buffer.alloc(0),
    known: false,
  };
}

/**
 * The records of a batch. Keys, values and headers are slices of one buffer, headers an ordered list: 50,000 of them
 * cost 50,000 steps, and no name is ever a property name. Throws `TooLargeError` or an error that means damaged bytes.
 */
export async function unpackRecords(batch: PackedBatch, capBytes: number): Promise<SourceRecord[]> {
  if (!batch.known) throw new MalformedBytesError('a record batch in a format before Kafka 0.11');
  const bytes = batch.codec === 0 ? batch.packed : await decompress(batch.codec, batch.packed, capBytes);
  const reader = new ByteReader(bytes);
  const records: SourceRecord[] = [];
  for (let index = 0; index < batch.recordCount; index += 1) records.push(readRecord(reader, batch));
  return records;
}

function readRecord(reader: ByteReader, batch: PackedBatch): SourceRecord {
  const end = reader.varint() + reader.offset;
  reader.int8(); // record attributes, unused
  const timestampDelta = reader.varlong();
  const offsetDelta = reader.varint();
  const key = reader.varintBytes();
  const value = reader.varintBytes();
  const headers = readHeaders(reader);
  if (reader.offset !== end) throw new MalformedBytesError('a record has another length than it says');
  const appended = batch.timestampType === 'LogAppendTime';
  return {
    offset: batch.baseOffset + BigInt(offsetDelta),
    timestampMs: millis(Number(appended ? batch.maxTimestamp : batch.baseTimestamp + timestampDelta)),
    timestampType: batch.timestampType,
    key,
    value,
    headers,
  };
}

function readHeaders(reader: ByteReader): RecordHeader[] {
  const count = reader.varint();
  if (count < 0 || count > reader.remaining) throw new MalformedBytesError(`a record claims ${count} headers`);
  const headers: RecordHeader[] = [];
  for (let index = 0; index < count; index += 1) {
    headers.push({ name: reader.varintBytes() ?? Buffer.alloc(0), value: reader.varintBytes() });
  }
  return headers;
}

/** An aborted transaction: records of the producer from this offset on do not count, until its abort marker. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** Tells batch by batch, in offset order, which belong to aborted transactions. */
export function abortedFilter(aborted: readonly AbortedTransaction[]): (batch: PackedBatch) => boolean {
  const upcoming = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const active = new Set<bigint>();
  return (batch) => {
    while (upcoming[0] !== undefined && upcoming[0].firstOffset <= batch.lastOffset) {
      active.add(upcoming[0].producerId);
      upcoming.shift();
    }
    // A control batch ends the transaction of its producer, whichever way.
    if (batch.control) active.delete(batch.producerId);
    return batch.transactional && !batch.control && active.has(batch.producerId);
  };
}
