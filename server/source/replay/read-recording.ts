import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

/** Text as it is, or bytes in base 64. */
type RecordedBytes = string | { readonly base64: string };

/** One recorded record. `atMs` counts from the start of the recording. */
export interface RecordedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly atMs: number;
  readonly key: RecordedBytes | null;
  readonly headers: readonly (readonly [string, RecordedBytes | null])[];
  readonly value: RecordedBytes | null;
}

/**
 * A recording, as NDJSON: the first line is the head
 * `{"recording":1,"startedAt":"2026-01-05T09:00:00.000Z","periodMs":60000}`, each further line a record
 * `{"topic","partition","atMs","key","headers":[["name","value"]],"value"}`, where a text stands for itself,
 * `{"base64":"…"}` for bytes, and null for none. `startedAt` is the moment its texts speak of as the start, `periodMs`
 * the time after which it begins again.
 */
export interface Recording {
  readonly startedAtMs: number;
  readonly periodMs: number;
  /** SHA-256 of its lines, in hex: another content is another recording. */
  readonly digest: string;
  readonly records: readonly RecordedRecord[];
}

/** A file that is no recording; the message names the line and what is wrong with it. */
export class BadRecordingError extends Error {
  readonly code = 'bad_recording';
}

const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a recording whole. Throws `BadRecordingError`, or the file system's error. */
export async function readRecording(file: string): Promise<Recording> {
  const { size } = await stat(file);
  if (size > MAX_BYTES) throw new BadRecordingError(`${file} is larger than ${MAX_BYTES} bytes`);
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return parseRecording(lines);
}

export function parseRecording(lines: readonly string[]): Recording {
  const [head, ...rest] = lines.map((line, index) => parseLine(line, index + 1));
  if (!isObject(head) || head.recording !== 1) throw new BadRecordingError('line 1: not the head of a recording');
  const startedAtMs = typeof head.startedAt === 'string' ? Date.parse(head.startedAt) : Number.NaN;
  const { periodMs } = head;
  if (Number.isNaN(startedAtMs)) throw new BadRecordingError('line 1: startedAt is no time');
  if (typeof periodMs !== 'number' || !(periodMs >= 1000))
    throw new BadRecordingError('line 1: periodMs is below 1000');
  const records = rest.map((line, index) => toRecord(line, index + 2, periodMs));
  if (records.length === 0) throw new BadRecordingError('the recording holds no record');
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex');
  return { startedAtMs, periodMs, digest, records };
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new BadRecordingError(`line ${number}: not JSON`, { cause });
  }
}

function toRecord(line: unknown, number: number, periodMs: number): RecordedRecord {
  const refuse = (what: string): never => {
    throw new BadRecordingError(`line ${number}: ${what}`);
  };
  if (!isObject(line)) return refuse('not an object');
  const { topic, partition, atMs, key = null, headers = [], value = null } = line;
  if (typeof topic !== 'string' || topic === '') return refuse('topic is no text');
  if (typeof partition !== 'number' || !Number.isInteger(partition) || partition < 0) {
    return refuse('partition is no whole number');
  }
  if (typeof atMs !== 'number' || atMs < 0 || atMs >= periodMs) return refuse('atMs is not within the period');
  if (!isBytes(key) || !isBytes(value)) return refuse('key or value is neither text, {"base64"} nor null');
  if (!Array.isArray(headers) || !headers.every(isHeader)) return refuse('headers are no list of [name, value]');
  return { topic, partition, atMs, key, headers, value };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBytes(value: unknown): value is RecordedBytes | null {
  return value === null || typeof value === 'string' || (isObject(value) && typeof value.base64 === 'string');
}

function isHeader(value: unknown): value is readonly [string, RecordedBytes | null] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && isBytes(value[1]);
}

/** The bytes of a recorded field, its text rewritten by `rewrite`; bytes in base 64 are left as they are. */
export function recordedBytes(field: RecordedBytes | null, rewrite: (text: string) => string): Buffer | null {
  if (field === null) return null;
  return typeof field === 'string' ? Buffer.from(rewrite(field), 'utf8') : Buffer.from(field.base64, 'base64');
}
