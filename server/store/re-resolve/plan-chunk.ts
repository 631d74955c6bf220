import type { PreparedEvent } from '../../model/event.ts';
import type { Micros } from '../../model/time.ts';
import type { RowContext } from '../write/encode-rows.ts';
import type { Chunk } from './read-chunk.ts';
import { isSameRow, type RowValues, rowValues, type StoredEvent } from './stored-event.ts';

/** One event that is read again: its row as it was, and as it will be. */
export interface Replacement {
  readonly before: StoredEvent;
  readonly after: RowValues;
  readonly event: PreparedEvent;
  readonly changed: boolean;
}

/** A segment whose list of traces becomes another one. */
export interface NewKeys {
  readonly baseOffset: bigint;
  readonly traceKeys: readonly string[];
}

/**
 * What becomes of a chunk, as data. Facts that no rule decides stay as they were stored: the record's time, the hash of
 * its body, and the version of the masking it was stored under.
 */
export function planReplacements(
  chunk: Chunk,
  prepared: ReadonlyMap<bigint, PreparedEvent>,
  rows: RowContext,
): readonly Replacement[] {
  return chunk.events.flatMap((before) => {
    const fresh = prepared.get(before.offset);
    if (fresh === undefined) return [];
    const { bodyHash, recordedAt, maskVersion } = before;
    const event = { ...fresh, bodyHash, recordedAt, maskVersion };
    const after = rowValues(event, rows);
    return [{ before, after, event, changed: !isSameRow(before, after) }];
  });
}

/** Events as the batches they were stored in, as far as rows tell: those of one instant. */
export function byStoring(replacements: readonly Replacement[]): { storedAt: Micros; events: PreparedEvent[] }[] {
  const batches = new Map<Micros, PreparedEvent[]>();
  for (const { before, event } of replacements) {
    const events = batches.get(before.storedAt);
    if (events === undefined) batches.set(before.storedAt, [event]);
    else events.push(event);
  }
  return [...batches].map(([storedAt, events]) => ({ storedAt, events }));
}

/** The segments of a chunk that hold other traces than before, each with its traces in order of their first record. */
export function planSegmentKeys(chunk: Chunk, replacements: readonly Replacement[]): readonly NewKeys[] {
  const moved = new Map(replacements.map(({ before, after }) => [before.offset, after.traceKey]));
  return chunk.segments.flatMap(({ baseOffset, traceKeys }, place) => {
    const end = chunk.segments[place + 1]?.baseOffset;
    const inside = chunk.events.filter(({ offset }) => offset >= baseOffset && (end === undefined || offset < end));
    const keys = [...new Set(inside.map((event) => moved.get(event.offset) ?? event.traceKey))];
    const same = keys.length === traceKeys.length && keys.every((key, index) => key === traceKeys[index]);
    return same ? [] : [{ baseOffset, traceKeys: keys }];
  });
}
