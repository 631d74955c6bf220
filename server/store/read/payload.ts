import { isUtf8 } from 'node:buffer';
import { printValue } from '../../model/print-value.ts';
import type { RecordHeader } from '../../model/record.ts';
import { uuidText } from '../../model/uuid-text.ts';
import type { HeaderWire, Payload } from '../../model/wire.ts';
import type { RecordReading } from '../../ports/reads.ts';

/** Most bytes of one value in an answer. */
export const PAYLOAD_LIMIT = 64 * 1024;
/** Most bytes of all values in an answer. */
export const PAYLOADS_LIMIT = 4 * 1024 * 1024;
/** Header names longer than this are cut. */
const HEADER_NAME_LIMIT = 1024;
/** Most headers of one event in an answer; a record can carry tens of thousands. */
const HEADERS_LIMIT = 1000;

/** What is left of an answer's bytes. Values past it are shown empty and `truncated`. */
export class PayloadBudget {
  #left = PAYLOADS_LIMIT;

  take(bytes: number): number {
    const granted = Math.min(bytes, PAYLOAD_LIMIT, this.#left);
    this.#left -= granted;
    return granted;
  }
}

/**
 * A value as it is shown: verbatim text where it is valid UTF-8, else base64; cut where the budget ends. `wasJson`: it was
 * parsed before, and need not be again.
 */
export function toPayload(value: Buffer, budget: PayloadBudget, wasJson = false): Payload {
  const shown = value.subarray(0, budget.take(value.length));
  const truncated = shown.length < value.length;
  const rest = { bytes: value.length, truncated };
  const whole = truncated ? cutToCharacter(shown) : shown;
  if (!isUtf8(whole) || holdsControls(whole)) return { encoding: 'base64', text: shown.toString('base64'), ...rest };
  const text = whole.toString('utf8');
  const json = !truncated && ((wasJson && text.charCodeAt(0) !== BYTE_ORDER_MARK) || isJson(text));
  return { encoding: json ? 'json' : 'text', text, ...rest };
}

/** A record's value: its bytes, and beside them what a schema made of them. Plain JSON stands for itself. */
export function toValuePayload(
  value: Buffer | null,
  { decoded, registry }: Pick<RecordReading, 'decoded' | 'registry'>,
  budget: PayloadBudget,
): Payload | null {
  if (value === null) return null;
  const payload = toPayload(value, budget, decoded.kind === 'value' && decoded.format === 'json');
  if (decoded.kind !== 'value' || decoded.format === 'json' || decoded.schemaId === null) return payload;
  const printed = printValue(decoded.value, PAYLOAD_LIMIT);
  const text = printed.text.slice(0, budget.take(printed.text.length));
  return {
    ...payload,
    decoded: {
      format: decoded.format,
      text,
      truncated: printed.truncated || text.length < printed.text.length,
      schema: { registry: registry ?? '', id: String(decoded.schemaId) },
    },
  };
}

const UUID_BYTES = 16;

/** A record's key: 16 bytes that are no text are a UUID. */
export function toKeyPayload(key: Buffer, budget: PayloadBudget): Payload {
  const payload = toPayload(key, budget);
  return key.length === UUID_BYTES && payload.encoding === 'base64' ? { ...payload, uuid: uuidText(key) } : payload;
}

/** A record's headers as they are shown, in order, repeats kept. */
export function toHeaders(headers: readonly RecordHeader[], budget: PayloadBudget): HeaderWire[] {
  return headers.slice(0, HEADERS_LIMIT).map(({ name, value }) => ({
    name: name.subarray(0, HEADER_NAME_LIMIT).toString('utf8'),
    value: value === null ? null : toPayload(value, budget),
  }));
}

const LOOKED_AT = 4096;

/** True for control characters that no text has, among the first of the bytes: UTF-8 by chance, not text. */
function holdsControls(bytes: Buffer): boolean {
  const end = Math.min(bytes.length, LOOKED_AT);
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] ?? 0x20;
    if (byte < 0x09 || byte === 0x0b || (byte > 0x0d && byte < 0x20)) return true;
  }
  return false;
}

/** Drops the start of a character that the cut left incomplete at the end. */
function cutToCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return width > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Our own reader takes it for white space, JSON.parse of a browser does not. */
const BYTE_ORDER_MARK = 0xfeff;

/** What a JSON text can look like by its begin; of numbers the whole. A parser that throws takes 40 µs, and most keys are ids. */
const LOOKS_LIKE_JSON = /^\s*(?:[[{"]|(?:true|false|null)\s*$|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*$)/;

function isJson(text: string): boolean {
  if (!LOOKS_LIKE_JSON.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
