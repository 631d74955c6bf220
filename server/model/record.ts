import type { Millis } from './time.ts';

/** One Kafka record header: bytes as they came, order and repeats kept. */
export interface RecordHeader {
  readonly name: Buffer;
  readonly value: Buffer | null;
}

/** Which clock stamped a record: the producer's, or the broker's on append. */
export type TimestampType = 'CreateTime' | 'LogAppendTime';

/** The raw parts of one record. */
export interface RawRecord {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  /** The same headers as one piece (see `header-bytes.ts`), where they are at hand in that form. */
  readonly headerBytes?: Buffer;
}

/** One Kafka record as the source delivers it. Nothing is decoded yet. */
export interface SourceRecord extends RawRecord {
  readonly timestampMs: Millis;
  readonly timestampType: TimestampType;
}

/** Bytes of key, value and headers. */
export function rawBytes(record: RawRecord): number {
  const body = (record.key?.length ?? 0) + (record.value?.length ?? 0);
  if (record.headerBytes !== undefined) return body + record.headerBytes.length;
  return record.headers.reduce((sum, { name, value }) => sum + name.length + (value?.length ?? 0), body);
}

/** A topic in one life: deleted and created again it becomes another incarnation (`n` counts from 1). */
export interface Incarnation {
  /** Small id that names workspace, cluster, topic and n in every row. */
  readonly id: number;
  /** Kafka's cluster id. */
  readonly cluster: string;
  readonly topic: string;
  readonly n: number;
}

/** Coordinates of a stored record. */
export interface RecordRef {
  readonly incarnationId: number;
  readonly partition: number;
  readonly offset: bigint;
}

/** The record id of the API: `{cluster}/{topic}~{n}/{partition}/{offset}`. */
export function recordId(incarnation: Incarnation, partition: number, offset: bigint): string {
  return `${incarnation.cluster}/${incarnation.topic}~${incarnation.n}/${partition}/${offset}`;
}

/** What `recordId` wrote, read back; null when the text has another form. Kafka topic names never contain `/` or `~`. */
export function parseRecordId(
  id: string,
): { cluster: string; topic: string; n: number; partition: number; offset: bigint } | null {
  const match = /^([^/]{1,256})\/([^/~]{1,249})~(\d{1,9})\/(\d{1,9})\/(\d{1,19})$/.exec(id);
  if (match === null) return null;
  const [, cluster = '', topic = '', n = '', partition = '', offset = ''] = match;
  return { cluster, topic, n: Number(n), partition: Number(partition), offset: BigInt(offset) };
}

/** Order of two record coordinates inside one workspace; total, so every tie breaks the same way. */
export function compareRefs(a: RecordRef, b: RecordRef): number {
  if (a.incarnationId !== b.incarnationId) return a.incarnationId - b.incarnationId;
  if (a.partition !== b.partition) return a.partition - b.partition;
  return a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0;
}
