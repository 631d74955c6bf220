import type { DriftKind } from '../model/drift-wire.ts';
import { quoted } from '../model/pointer-text.ts';
import { ANY_KEY, lastSegment, parentPath } from './field-path.ts';
import { comparePaths, type FieldCount, type FieldSummary, lastPath } from './field-summary.ts';
import { FIELD_TYPES, type FieldType } from './field-types.ts';
import { foldMaps, mapsIn } from './fold-maps.ts';
import { shareBounds } from './share-bounds.ts';

/** A field on one side of a comparison. */
export interface FieldSide {
  /** Events in which the field's parent was there to carry it. */
  readonly events: number;
  /** Of those, with the field. */
  readonly present: number;
  readonly types: readonly FieldType[];
}

/** One way in which events of a type carry other fields than before. No violation: nobody promised anything. */
export interface Drift {
  readonly path: string;
  readonly kind: DriftKind;
  readonly before: FieldSide;
  readonly now: FieldSide;
  readonly sentence: string;
}

/** Least events on both sides before anything is said of a field: with all of thirty, at least 77 % is certain. */
export const LEAST_EVENTS = 30;
/** A field or type of fewer than one event in a hundred neither appears nor vanishes. */
const LEAST_SHARE = 0.01;
/** A field of so many events is always there: one producer that leaves it out now and then does not make it optional. */
const ALWAYS = 0.995;
/** Drifts of one comparison: the first of them, shallow before deep. */
const MOST_DRIFTS = 100;

const INTEGER = FIELD_TYPES.indexOf('integer');
const NUMBER = FIELD_TYPES.indexOf('number');

/**
 * How the fields of events differ from what they were before. Says only what chance does not explain: the shares of both
 * sides lie apart with their whole intervals, of enough events on both sides, so a rare field that happens to be missing
 * is no drift. A field is judged among the events whose parent could carry it, so a lost object is one drift and not one
 * for everything inside.
 */
export function driftOf(before: FieldSummary, now: FieldSummary): readonly Drift[] {
  const maps = new Set([...mapsIn(before), ...mapsIn(now)]);
  const sides = { before: readSummary(before, maps), now: readSummary(now, maps) };
  const paths = new Set([...sides.before.fields.keys(), ...sides.now.fields.keys()]);
  const drifts: Drift[] = [];
  for (const path of [...paths].sort(comparePaths)) {
    const drift = driftAt(path, sides.before, sides.now);
    if (drift !== null) drifts.push(drift);
    if (drifts.length === MOST_DRIFTS) break;
  }
  return drifts;
}

/** A summary with its maps folded. */
interface Side {
  readonly fields: ReadonlyMap<string, FieldCount>;
  readonly events: number;
  readonly cutEvents: number;
  /** Of paths after this one nothing is known; null when everything is. */
  readonly knownTo: string | null;
}

function readSummary(summary: FieldSummary, maps: ReadonlySet<string>): Side {
  return {
    fields: foldMaps(summary, maps),
    events: summary.events,
    cutEvents: summary.cutEvents,
    knownTo: summary.full ? lastPath(summary) : null,
  };
}

function driftAt(path: string, before: Side, now: Side): Drift | null {
  if (isUnknown(path, before) || isUnknown(path, now)) return null;
  const sides = { before: fieldSide(path, before), now: fieldSide(path, now) };
  const kind = presenceDrift(path, before, now) ?? typeDrift(before.fields.get(path), now.fields.get(path));
  return kind === null ? null : { path, kind, ...sides, sentence: sentenceOf(path, kind, sides.before, sides.now) };
}

function isUnknown(path: string, { knownTo }: Side): boolean {
  return knownTo !== null && comparePaths(path, knownTo) > 0;
}

function presenceDrift(path: string, before: Side, now: Side): DriftKind | null {
  if (!hasPresence(path, before) || !hasPresence(path, now)) return null;
  const was = presenceOf(path, before);
  const is = presenceOf(path, now);
  if (was.all < LEAST_EVENTS || is.all < LEAST_EVENTS) return null;
  const rose = is.share.least > was.share.most;
  const fell = is.share.most < was.share.least;
  if (rose && was.most === 0 && is.share.least >= LEAST_SHARE) return 'appeared';
  if (fell && is.most === 0 && was.share.least >= LEAST_SHARE) return 'vanished';
  if (fell && isAlways(was) && is.most < is.all * (1 - LEAST_SHARE)) return 'became optional';
  if (rose && isAlways(is) && was.most < was.all * (1 - LEAST_SHARE)) return 'became always';
  return null;
}

/** Whether a field is there or not says something: not of the whole body, of a list's items, or of keys beside a map. */
function hasPresence(path: string, { fields }: Side): boolean {
  const parent = parentPath(path);
  if (parent === null || lastSegment(path).startsWith('*')) return false;
  return !fields.has(`${parent}/${ANY_KEY}`);
}

function isAlways({ hits, all }: Presence): boolean {
  return hits >= all * ALWAYS;
}

interface Presence {
  readonly all: number;
  readonly hits: number;
  /** The same with every event that was not looked at whole. */
  readonly most: number;
  readonly share: { readonly least: number; readonly most: number };
}

function presenceOf(path: string, side: Side): Presence {
  const all = parentEvents(path, side);
  const hits = side.fields.get(path)?.present ?? 0;
  const most = Math.min(all, hits + side.cutEvents);
  return { all, hits, most, share: { least: shareBounds(hits, all).least, most: shareBounds(most, all).most } };
}

/** Events in which the parent of a path was an object. */
function parentEvents(path: string, { fields, events }: Side): number {
  const parent = parentPath(path);
  if (parent === null) return events;
  return fields.get(parent)?.types[FIELD_TYPES.indexOf('object')] ?? 0;
}

function typeDrift(before: FieldCount | undefined, now: FieldCount | undefined): DriftKind | null {
  if (before === undefined || now === undefined) return null;
  if (before.present < LEAST_EVENTS || now.present < LEAST_EVENTS) return null;
  const was = numbersAsOne(before);
  const is = numbersAsOne(now);
  const differs = FIELD_TYPES.some((_, type) => isNew(was, is, type) || isNew(is, was, type));
  return differs ? 'changed type' : null;
}

/** Whole numbers among numbers with fractions are such numbers too; where there is no fraction, they stay integers. */
function numbersAsOne({ present, types }: FieldCount): FieldCount {
  if ((types[NUMBER] ?? 0) === 0) return { present, types };
  const numbers = Math.min(present, (types[INTEGER] ?? 0) + (types[NUMBER] ?? 0));
  return { present, types: types.map((count, type) => (type === INTEGER ? 0 : type === NUMBER ? numbers : count)) };
}

function isNew(was: FieldCount, is: FieldCount, type: number): boolean {
  const hits = is.types[type] ?? 0;
  if (hits === 0 || (was.types[type] ?? 0) > 0) return false;
  const { least } = shareBounds(hits, is.present);
  return least >= LEAST_SHARE && least > shareBounds(0, was.present).most;
}

function fieldSide(path: string, side: Side): FieldSide {
  const count = side.fields.get(path);
  const types = count === undefined ? [] : numbersAsOne(count).types;
  return {
    events: Math.max(parentEvents(path, side), count?.present ?? 0),
    present: count?.present ?? 0,
    types: FIELD_TYPES.filter((_, type) => (types[type] ?? 0) > 0),
  };
}

function sentenceOf(path: string, kind: DriftKind, before: FieldSide, now: FieldSide): string {
  const name = path === '' ? 'The body' : quoted(path);
  switch (kind) {
    case 'appeared':
      return `${name} appeared, as ${typeWords(now)}: in ${shareWords(now)}, and in none of ${before.events} before.`;
    case 'vanished':
      return `${name} vanished: in none of ${now.events} events, and in ${shareWords(before)} before.`;
    case 'changed type':
      return `${name} changed type: ${typeWords(before)} before, ${typeWords(now)} now.`;
    case 'became optional':
      return `${name} became optional: in ${shareWords(now)}, and in ${shareWords(before)} before.`;
    case 'became always':
      return `${name} is always there: in ${shareWords(now)}, and in ${shareWords(before)} before.`;
  }
}

function shareWords({ present, events }: FieldSide): string {
  return present >= events ? `all of ${events} events` : `${present} of ${events} events`;
}

function typeWords({ types }: FieldSide): string {
  return types.length < 2 ? (types[0] ?? 'nothing') : `${types.slice(0, -1).join(', ')} or ${types.at(-1)}`;
}
