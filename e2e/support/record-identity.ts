import { createHash } from 'node:crypto';
import type { RecordHeader } from '../../server/model/record.ts';

/** What makes a record itself: coordinates in its incarnation, and every byte of key, headers and value. */
export interface RecordIdentity {
  readonly topic: string;
  readonly n: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly headers: readonly RecordHeader[];
  readonly value: Buffer | null;
}

/** SHA-256, in hex, over length-prefixed key, headers and value. */
export function digestOf(record: Pick<RecordIdentity, 'key' | 'headers' | 'value'>): string {
  const hash = createHash('sha256');
  const add = (bytes: Buffer | null): void => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes === null ? -1 : bytes.length);
    hash.update(length);
    if (bytes !== null) hash.update(bytes);
  };
  add(record.key);
  for (const { name, value } of record.headers) {
    add(name);
    add(value);
  }
  add(null);
  add(record.value);
  return hash.digest('hex');
}

/** One line per record; equal lines mean equal records. */
export function identityOf(record: RecordIdentity): string {
  return `${record.topic}~${record.n}/${record.partition}/${record.offset} ${digestOf(record)}`;
}

/** How two collections of records differ. All empty: they are the same set, and neither holds a record twice. */
export interface SetDifference {
  /** Produced and not stored. */
  readonly missing: readonly string[];
  /** Stored and never produced, or stored with other bytes. */
  readonly foreign: readonly string[];
  /** Stored more than once. */
  readonly double: readonly string[];
}

/** Compares as sets and counts repeats: one missing beside one double is two differences, not none. */
export function compareRecords(produced: readonly string[], stored: readonly string[]): SetDifference {
  const wanted = new Set(produced);
  const seen = new Set<string>();
  const double: string[] = [];
  for (const one of stored) {
    if (seen.has(one)) double.push(one);
    seen.add(one);
  }
  return {
    missing: [...wanted].filter((one) => !seen.has(one)),
    foreign: [...seen].filter((one) => !wanted.has(one)),
    double,
  };
}
