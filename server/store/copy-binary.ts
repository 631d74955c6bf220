import type { Micros } from '../model/time.ts';
import { UnstorableValueError } from './sql-state.ts';
import { clampMicros } from './sql-time.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** 2000-01-01, PostgreSQL's epoch. */
const EPOCH_DAYS = 10_957;
const EPOCH_US = BigInt(EPOCH_DAYS) * 86_400_000_000n;
const UUID_OID = 2950;
const CHUNK = 64 * 1024;

/**
 * Writes rows in PostgreSQL's binary COPY format: per row a field count, per field its length and bytes. The caller
 * writes fields in the order of the columns; `row` says how many follow. Large byte values become chunks of their own
 * and are not copied.
 */
export class CopyBinary {
  #done: Buffer[] = [];
  #chunk: Buffer = Buffer.allocUnsafe(CHUNK);
  #at = 0;
  #rows = 0;

  constructor() {
    this.#at = SIGNATURE.copy(this.#chunk);
  }

  get rows(): number {
    return this.#rows;
  }

  row(fields: number): this {
    this.#rows++;
    this.#room(2);
    this.#at = this.#chunk.writeInt16BE(fields, this.#at);
    return this;
  }

  null(): this {
    return this.#length(-1);
  }

  bool(value: boolean): this {
    this.#length(1);
    this.#room(1);
    this.#at = this.#chunk.writeUInt8(value ? 1 : 0, this.#at);
    return this;
  }

  int2(value: number): this {
    inRange(value, 0x7fff);
    this.#length(2);
    this.#room(2);
    this.#at = this.#chunk.writeInt16BE(value, this.#at);
    return this;
  }

  int4(value: number): this {
    inRange(value, 0x7fffffff);
    this.#length(4);
    this.#room(4);
    this.#at = this.#chunk.writeInt32BE(value, this.#at);
    return this;
  }

  int8(value: bigint): this {
    if (BigInt.asIntN(64, value) !== value) throw new UnstorableValueError(`${value} does not fit 64 bits`);
    this.#length(8);
    this.#room(8);
    this.#at = this.#chunk.writeBigInt64BE(value, this.#at);
    return this;
  }

  /** A day as days since 1970-01-01. */
  date(day: number): this {
    return this.int4(day - EPOCH_DAYS);
  }

  timestamptz(time: Micros): this {
    return this.int8(BigInt(clampMicros(time)) - EPOCH_US);
  }

  uuid(value: string): this {
    this.#length(16);
    this.#uuidBytes(value);
    return this;
  }

  uuids(values: readonly string[]): this {
    this.#length(values.length === 0 ? 12 : 20 + 20 * values.length);
    this.#int(values.length === 0 ? 0 : 1)
      .#int(0)
      .#int(UUID_OID);
    if (values.length === 0) return this;
    this.#int(values.length).#int(1);
    for (const value of values) {
      this.#int(16);
      this.#uuidBytes(value);
    }
    return this;
  }

  /** A text without U+0000 (see `storableText`). */
  text(value: string): this {
    return this.bytea(Buffer.from(value, 'utf8'));
  }

  bytea(value: Buffer): this {
    this.#length(value.length);
    if (value.length < CHUNK) {
      this.#room(value.length);
      this.#at += value.copy(this.#chunk, this.#at);
      return this;
    }
    this.#close();
    this.#done.push(value);
    return this;
  }

  /** The whole COPY as chunks to send, trailer included. The encoder must not be used afterwards. */
  finish(): readonly Buffer[] {
    this.#room(2);
    this.#at = this.#chunk.writeInt16BE(-1, this.#at);
    this.#close();
    return this.#done;
  }

  #int(value: number): this {
    this.#room(4);
    this.#at = this.#chunk.writeInt32BE(value, this.#at);
    return this;
  }

  #length(value: number): this {
    return this.#int(value);
  }

  #uuidBytes(value: string): void {
    this.#room(16);
    const written = this.#chunk.write(value.replaceAll('-', ''), this.#at, 'hex');
    if (written !== 16 || value.length !== 36) throw new UnstorableValueError('not a UUID');
    this.#at += 16;
  }

  #room(bytes: number): void {
    if (this.#at + bytes > this.#chunk.length) this.#close();
  }

  #close(): void {
    if (this.#at > 0) this.#done.push(this.#chunk.subarray(0, this.#at));
    this.#chunk = Buffer.allocUnsafe(CHUNK);
    this.#at = 0;
  }
}

function inRange(value: number, max: number): void {
  if (!Number.isInteger(value) || value > max || value < -max - 1) {
    throw new UnstorableValueError(`${value} does not fit the column`);
  }
}
