import { type Drift, driftOf, type FieldSide } from './drift.ts';
import { type FieldSummary, mergeFields, newTally, summaryOf } from './field-summary.ts';

/** A drift, and the step from which events differ. */
export interface DatedDrift extends Drift {
  readonly step: number;
}

/**
 * How the fields of events changed over consecutive steps of time, of which the first is held against `before`. Each begin
 * of a step is tried as the moment of change, with all that lies before it on one side and all from then on on the other;
 * of what is said of a path, that counts which tells the two sides apart best, and that a field came, went or changed type
 * before that it became more or less frequent. At most one drift of each path.
 */
export function driftsOverTime(before: FieldSummary, steps: readonly FieldSummary[]): readonly DatedDrift[] {
  const found = new Map<string, DatedDrift>();
  const later = sumsFromTheEnd(steps);
  let earlier = before;
  for (const [step, summary] of steps.entries()) {
    // The begin of a step without events is that of the next one.
    if (summary.events > 0) {
      for (const drift of driftOf(earlier, later[step] ?? summary)) {
        const known = found.get(drift.path);
        if (known === undefined || weight(drift) > weight(known)) found.set(drift.path, { ...drift, step });
      }
    }
    earlier = mergeFields(earlier, summary);
  }
  return [...found.values()];
}

function sumsFromTheEnd(steps: readonly FieldSummary[]): FieldSummary[] {
  const sums: FieldSummary[] = [];
  let sum = summaryOf(newTally());
  for (let step = steps.length - 1; step >= 0; step -= 1) {
    const summary = steps[step];
    if (summary !== undefined) sum = mergeFields(sum, summary);
    sums[step] = sum;
  }
  return sums;
}

function weight(drift: Drift): number {
  const isWhole = drift.kind !== 'became optional' && drift.kind !== 'became always';
  return (isWhole ? 1 : 0) + distance(drift);
}

/** How far apart both sides are, 0 to 1: by the share of events with the field, or by the types they have in common. */
function distance({ kind, before, now }: Drift): number {
  if (kind !== 'changed type') return Math.abs(share(before) - share(now));
  const all = new Set([...before.types, ...now.types]);
  return 1 - now.types.filter((type) => before.types.includes(type)).length / all.size;
}

function share({ present, events }: FieldSide): number {
  return events === 0 ? 0 : present / events;
}
