import { isJsonObject, type Json, type JsonObject, ownValue } from '../../model/json.ts';
import type { RecordHeader, SourceRecord } from '../../model/record.ts';
import { millis } from '../../model/time.ts';
import { splitJson } from './split-json.ts';

/** A text of a sample file as the record that it stands for. */
export type SampleRecord =
  /** `topic` is null where the sample names none. */
  | { readonly kind: 'record'; readonly topic: string | null; readonly record: SourceRecord }
  /** It stands for a record whose value is not there, or not whole. */
  | { readonly kind: 'incomplete'; readonly topic: string; readonly reason: string }
  /** It has the form of a record and cannot be one. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** The first line of a recording, which is no record. */
  | { readonly kind: 'head' };

/**
 * Reads one sample. Objects that say `topic` and hold a value beside it are records, in one of four forms:
 *
 *     {"topic", "value"}             the value as JSON, or as the text of the value; null for none
 *     {"topic", "value_raw"}         the text of the value; or "value_b64": its bytes
 *     {"topic", "offset", "payload"} what `kcat -J` prints
 *     {"topic", "payload": {"encoding", "text"}}   an event of Throughline's API
 *
 * each with `headers`, or `headers_b64`, where there are some. Everything else is the value itself, byte for byte, and so
 * is all of it with `bodies`.
 */
export function sampleRecord(bytes: Buffer, bodies: boolean): SampleRecord {
  const body: SampleRecord = { kind: 'record', topic: null, record: recordOf(bytes, []) };
  if (bodies) return body;
  const text = bytes.toString('utf8');
  const parsed = parseObject(text);
  if (parsed === null) return body;
  if (isHead(parsed)) return { kind: 'head' };
  const topic = ownValue(parsed, 'topic');
  if (typeof topic !== 'string') return body;
  const value = writtenValue(parsed, text);
  if (value === undefined) return body;
  if (value !== null && 'reason' in value) return { kind: 'incomplete', topic, reason: value.reason };
  const headers = headersOf(parsed);
  if (headers === null) return { kind: 'malformed', reason: `its headers are in no known form` };
  return { kind: 'record', topic, record: recordOf(value, headers) };
}

function parseObject(text: string): JsonObject | null {
  try {
    const parsed: Json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return isJsonObject(parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isHead(parsed: JsonObject): boolean {
  return Object.keys(parsed).sort().join() === 'periodMs,recording,startedAt';
}

/** Undefined for what is no record. */
function writtenValue(parsed: JsonObject, text: string): Buffer | null | { readonly reason: string } | undefined {
  const raw = ownValue(parsed, 'value_raw');
  if (typeof raw === 'string' || raw === null) return raw === null ? null : Buffer.from(raw);
  const base64 = ownValue(parsed, 'value_b64');
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64');
  const value = ownValue(parsed, 'value');
  if (typeof value === 'string' || value === null) return value === null ? null : Buffer.from(value);
  // As it was written: a number read and printed again may be another one.
  if (value !== undefined) return Buffer.from(splitJson(text).findLast(({ key }) => key === 'value')?.text ?? '');
  return payloadOf(parsed, ownValue(parsed, 'payload'));
}

function payloadOf(
  parsed: JsonObject,
  payload: Json | undefined,
): Buffer | null | { readonly reason: string } | undefined {
  if (typeof ownValue(parsed, 'payload_missing') === 'string') return { reason: 'its payload is not stored any more' };
  if (typeof ownValue(parsed, 'offset') === 'number' && (typeof payload === 'string' || payload === null)) {
    return payload === null ? null : Buffer.from(payload);
  }
  if (payload === null && 'payload_missing' in parsed) return null;
  if (!isJsonObject(payload)) return undefined;
  const text = payloadBytes(payload);
  if (text === null) return undefined;
  return ownValue(payload, 'truncated') === true ? { reason: 'its payload was cut' } : text;
}

/** The bytes of a value as the API shows it; null for what is none. */
function payloadBytes(payload: JsonObject): Buffer | null {
  const [encoding, text] = [ownValue(payload, 'encoding'), ownValue(payload, 'text')];
  if (typeof text !== 'string') return null;
  if (encoding === 'base64') return Buffer.from(text, 'base64');
  return encoding === 'json' || encoding === 'text' ? Buffer.from(text) : null;
}

/** Null for what are no headers. */
function headersOf(parsed: JsonObject): RecordHeader[] | null {
  const plain = headersIn(ownValue(parsed, 'headers') ?? null, 'utf8');
  const bytes = headersIn(ownValue(parsed, 'headers_b64') ?? null, 'base64');
  return plain === null || bytes === null ? null : [...plain, ...bytes];
}

function headersIn(value: Json, encoding: BufferEncoding): RecordHeader[] | null {
  if (value === null) return [];
  if (isJsonObject(value)) return allOrNull(Object.entries(value).map(([name, one]) => header(name, one, encoding)));
  if (!Array.isArray(value)) return null;
  const list: readonly Json[] = value;
  // Names and values in turn, as `kcat` prints them.
  if (list.length % 2 === 0 && list.every((item) => typeof item === 'string' || item === null)) {
    return allOrNull(
      list.flatMap((name, at) => (at % 2 === 0 ? [header(String(name), list[at + 1] ?? null, encoding)] : [])),
    );
  }
  return allOrNull(list.map((item) => headerItem(item, encoding)));
}

function headerItem(item: Json, encoding: BufferEncoding): RecordHeader | null {
  if (Array.isArray(item) && item.length === 2) return header(String(item[0]), item[1] ?? null, encoding);
  if (!isJsonObject(item)) return null;
  const name = ownValue(item, 'name') ?? ownValue(item, 'key');
  return typeof name === 'string' ? header(name, ownValue(item, 'value') ?? null, encoding) : null;
}

function header(name: string, value: Json, encoding: BufferEncoding): RecordHeader | null {
  const named = { name: Buffer.from(name) };
  if (value === null) return { ...named, value: null };
  if (typeof value === 'string') return { ...named, value: Buffer.from(value, encoding) };
  const bytes = isJsonObject(value) ? payloadBytes(value) : null;
  return bytes === null ? null : { ...named, value: bytes };
}

function allOrNull(headers: readonly (RecordHeader | null)[]): RecordHeader[] | null {
  const all = headers.filter((one) => one !== null);
  return all.length === headers.length ? all : null;
}

/** Neither key, place nor time decide about a schema. */
function recordOf(value: Buffer | null, headers: readonly RecordHeader[]): SourceRecord {
  return { offset: 0n, key: null, value, headers, timestampMs: millis(0), timestampType: 'CreateTime' };
}
