import { isJsonObject, type Json, ownValue } from '../model/json.ts';
import { comparePaths, type FieldCount, type FieldSummary } from './field-summary.ts';
import { FIELD_TYPES } from './field-types.ts';

/** Bytes of one packed summary: a row per event type and hour. */
export const MOST_ROW_BYTES = 65_536;

/** The layout below; a row of another one is not read. */
const VERSION = 1;
/** What stands around the fields, with four counts of 16 digits. */
const FRAME_BYTES = 120;

/**
 * A summary as JSON text for one row, at most `MOST_ROW_BYTES` long: what does not fit is left out from the last path on,
 * and the summary is then `full`. A field is `[path, present, set of types, count of each type of the set …]`; where it
 * always had its one type, the count is left out.
 */
export function packFields(summary: FieldSummary): string {
  const packed: string[] = [];
  let left = MOST_ROW_BYTES - FRAME_BYTES;
  let full = summary.full;
  for (const [path, count] of [...summary.fields].sort(([a], [b]) => comparePaths(a, b))) {
    const text = JSON.stringify([path, ...packCount(count)]);
    left -= Buffer.byteLength(text) + 1;
    if (left < 0) {
      full = true;
      break;
    }
    packed.push(text);
  }
  const { events, cutEvents, beyond } = summary;
  const frame = JSON.stringify({ v: VERSION, events, cutEvents, beyond, full });
  return `${frame.slice(0, -1)},"fields":[${packed.join(',')}]}`;
}

/** The summary that was packed; null when this is none. */
export function unpackFields(packed: Json): FieldSummary | null {
  if (!isJsonObject(packed) || ownValue(packed, 'v') !== VERSION) return null;
  const rows = ownValue(packed, 'fields');
  if (!Array.isArray(rows)) return null;
  const fields = new Map<string, FieldCount>();
  for (const row of rows) {
    const field = unpackField(row);
    if (field === null) return null;
    fields.set(field.path, field.count);
  }
  const [events, cutEvents, beyond] = ['events', 'cutEvents', 'beyond'].map((name) => readCount(packed[name]));
  if (events === undefined || cutEvents === undefined || beyond === undefined) return null;
  return { events, cutEvents, beyond, full: packed.full === true, fields };
}

function packCount({ present, types }: FieldCount): readonly number[] {
  const counted = types.flatMap((count, type) => (count > 0 ? [{ count, type }] : []));
  const set = counted.reduce((sum, { type }) => sum | (1 << type), 0);
  const plain = counted.length === 1 && counted[0]?.count === present;
  return [present, set, ...(plain ? [] : counted.map(({ count }) => count))];
}

function unpackField(row: Json): { readonly path: string; readonly count: FieldCount } | null {
  if (!Array.isArray(row)) return null;
  const [path, ...numbers] = row;
  const [present, set, ...counts] = numbers.map(readCount);
  if (typeof path !== 'string' || present === undefined || set === undefined) return null;
  const types: number[] = [];
  for (let type = 0; type < FIELD_TYPES.length; type += 1) {
    types.push((set & (1 << type)) === 0 ? 0 : (counts.shift() ?? present));
  }
  return { path, count: { present, types } };
}

function readCount(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
