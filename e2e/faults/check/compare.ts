import { type HoleFact, type Place, partitionName, placeName, type Stored, type Written } from './written.ts';

/** The ways in which what is stored can differ from what was produced. */
export const DIFFERENCES = [
  'missing',
  'foreign',
  'double',
  'event row without bytes',
  'bytes without event row',
  'event row double',
  'hole that is none',
  'hole not told',
  'not read to the end',
  'count',
  'trace',
  'lost by the broker',
] as const;

export type DifferenceKind = (typeof DIFFERENCES)[number];

/** One difference, with where and what in words. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly detail: string;
}

/**
 * Compares as sets, and counts repeats. Of a living topic exactly what its log holds must be stored; of one that was
 * deleted, everything acknowledged below the position it had reached. Only what lies in a hole that is known to be one
 * may lack.
 */
export function compare(written: Written, stored: Stored): readonly Difference[] {
  const found: Difference[] = [];
  const tell = (kind: DifferenceKind, detail: string): void => void found.push({ kind, detail });
  const named = (place: Place): string => `${written.lives.get(place.topicId)?.topic ?? 'unknown'} ${placeName(place)}`;

  compareRecords(written, stored, (kind, place) => tell(kind, named(place)));
  compareRows(stored, (kind, place) => tell(kind, place));
  compareHoles(written, stored, tell);
  for (const [name, { end }] of written.logs) {
    const position = stored.positions.get(name) ?? null;
    if (position !== end) tell('not read to the end', `${name} stands at ${position}, its log ends at ${end}`);
  }
  compareSums(stored, tell);
  return found;
}

/** Everything that is known to lie at a place. Log and producer must agree, or the log is no truth. */
function digests({ acknowledged, inLog }: Written, clash: (place: Place) => void): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const record of [...acknowledged, ...inLog]) {
    const name = placeName(record);
    const before = known.get(name);
    if (before !== undefined && before !== record.digest) clash(record);
    known.set(name, record.digest);
  }
  return known;
}

function compareRecords(written: Written, stored: Stored, tell: (kind: DifferenceKind, place: Place) => void): void {
  const known = digests(written, (place) => tell('lost by the broker', place));
  const inLog = new Set(written.inLog.map(placeName));
  const seen = new Set<string>();
  for (const record of stored.records) {
    const name = placeName(record);
    if (seen.has(name)) tell('double', record);
    seen.add(name);
    const digest = known.get(name);
    if (digest === record.digest) continue;
    const readable = hasLog(written, record);
    if (digest === undefined && !readable && written.uncertain.has(record.digest)) continue;
    tell('foreign', record);
  }
  const wanted = new Map([...written.acknowledged, ...written.inLog].map((record) => [placeName(record), record]));
  for (const [name, record] of wanted) {
    if (hasLog(written, record) && !inLog.has(name)) tell('lost by the broker', record);
    else if (!seen.has(name) && isDue(written, stored, record)) tell('missing', record);
  }
}

/** True where an independent reader could look: at the living topics, above where their logs begin. */
function hasLog({ lives, logs }: Written, place: Place): boolean {
  if (lives.get(place.topicId)?.live !== true) return false;
  return place.offset >= (logs.get(partitionName(place))?.low ?? 0n);
}

function isDue({ lives, holes }: Written, { positions }: Stored, place: Place): boolean {
  if (holes.some((hole) => isIn(hole, place))) return false;
  if (lives.get(place.topicId)?.live === true) return true;
  return place.offset < (positions.get(partitionName(place)) ?? 0n);
}

function isIn(hole: HoleFact, { topicId, partition, offset }: Place): boolean {
  return hole.topicId === topicId && hole.partition === partition && offset >= hole.from && offset < hole.to;
}

function compareRows({ records, events }: Stored, tell: (kind: DifferenceKind, place: string) => void): void {
  const bytes = new Set(records.map(placeName));
  const rows = new Set<string>();
  for (const name of events.map(placeName)) {
    if (rows.has(name)) tell('event row double', name);
    rows.add(name);
    if (!bytes.has(name)) tell('event row without bytes', name);
  }
  for (const name of bytes) if (!rows.has(name)) tell('bytes without event row', name);
}

/** Holes must be told exactly; those of a topic that was deleted since may not have been noticed. */
function compareHoles(written: Written, stored: Stored, tell: (kind: DifferenceKind, detail: string) => void): void {
  const told = new Set(stored.holes.map(holeName));
  const real = new Set(written.holes.map(holeName));
  for (const name of told) if (!real.has(name)) tell('hole that is none', name);
  for (const hole of written.holes) {
    const mayLack = written.lives.get(hole.topicId)?.live !== true;
    if (!told.has(holeName(hole)) && !mayLack) tell('hole not told', holeName(hole));
  }
}

function holeName({ topicId, partition, from, to, reason }: HoleFact): string {
  return `${partitionName({ topicId, partition })} ${from} to ${to} (${reason})`;
}

/** What is summed up elsewhere must be the sum of the rows. */
function compareSums(
  { events, counts, totals, traces }: Stored,
  tell: (kind: DifferenceKind, detail: string) => void,
): void {
  const unequal = (rows: ReadonlyMap<string, number>, sums: ReadonlyMap<string, number>): void => {
    for (const name of new Set([...rows.keys(), ...sums.keys()])) {
      const [count, sum] = [rows.get(name) ?? 0, sums.get(name) ?? 0];
      if (count !== sum) tell('count', `${name} has ${count} event rows and counts ${sum}`);
    }
  };
  unequal(tally(events.map(({ topicId }) => topicId)), counts);
  unequal(tally(events.map(partitionName)), totals);
  for (const { traceKey, rows: all, distinct, eventCount, duplicateCount } of traces) {
    if (eventCount === distinct && duplicateCount === all - distinct) continue;
    tell(
      'trace',
      `${traceKey} has ${distinct} events and ${all - distinct} copies, its row says ${eventCount} and ${duplicateCount}`,
    );
  }
}

function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
