import { instantMs } from '@/components/ui/format-instant.ts';
import type { TraceEvent } from '@/server/model/wire.ts';
import { isViolating } from './schema-marks.ts';

/** One row of the waterfall's tree. */
export interface TreeRow {
  readonly event: TraceEvent;
  /** Occurred-at in ms since the epoch. */
  readonly atMs: number;
  readonly depth: number;
  /** For each of the first levels above, whether a later sibling's guide passes through this row. */
  readonly through: readonly ('solid' | 'dashed' | null)[];
  /** Events alike that this row stands for, itself included. */
  readonly alike: readonly TraceEvent[];
}

/** Leaves of one cause, alike in type, service, evidence and whether they break their schema, fold from this number on. */
const FOLD_FROM = 4;

/** Levels whose guides are kept with a row; deeper ones share the last indent and have none. */
export const GUIDE_LEVELS = 9;

/**
 * Events as a tree by cause, in drawing order. An event whose cause is not in the list stands as a root; a cycle (only
 * possible in hostile data) is cut at its earliest event. Iterative: a chain may be as deep as the trace is long.
 * @param unfolded ids of rows whose alikes are drawn one by one
 * @param outcomeOf events of which something became, by their ids: they stand alone
 */
export function causeTree(
  events: readonly TraceEvent[],
  unfolded: ReadonlySet<string>,
  outcomeOf: ReadonlyMap<string, TraceEvent>,
): TreeRow[] {
  const ids = new Set(events.map((event) => event.id));
  const children = new Map<string, TraceEvent[]>();
  const roots: TraceEvent[] = [];
  const ordered = inOrder(events);
  for (const event of ordered) {
    if (event.parent === null || !ids.has(event.parent.id) || event.parent.id === event.id) roots.push(event);
    else children.set(event.parent.id, [...(children.get(event.parent.id) ?? []), event]);
  }
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const groupsBelow = (event: TraceEvent) =>
    foldAlike(children.get(event.id) ?? [], unfolded, ({ id }) => children.has(id) || outcomeOf.has(id));
  walk(roots, groupsBelow, seen, rows);
  for (const event of ordered) if (!seen.has(event.id)) walk([event], groupsBelow, seen, rows);
  return rows;
}

interface Step {
  readonly group: readonly TraceEvent[];
  readonly depth: number;
  readonly above: TreeRow['through'];
  /** Guide of the next sibling, drawn past this one's subtree. */
  readonly next: 'solid' | 'dashed' | null;
}

function walk(
  roots: readonly TraceEvent[],
  groupsBelow: (event: TraceEvent) => (readonly TraceEvent[])[],
  seen: Set<string>,
  rows: TreeRow[],
): void {
  const stack: Step[] = roots.map((event) => ({ group: [event], depth: 0, above: [], next: null })).reverse();
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    const event = step.group[0];
    if (event === undefined || seen.has(event.id)) continue;
    for (const one of step.group) seen.add(one.id);
    const through = step.depth === 0 || step.depth > GUIDE_LEVELS ? step.above : [...step.above, step.next];
    rows.push({ event, atMs: instantMs(event.occurred_at), depth: step.depth, through, alike: step.group });
    const groups = groupsBelow(event);
    const below = groups.map((group, i): Step => {
      const sibling = groups[i + 1]?.[0];
      return { group, depth: step.depth + 1, above: through, next: sibling === undefined ? null : guideOf(sibling) };
    });
    stack.push(...below.reverse());
  }
}

/** How the guide to an event is drawn: inferred causes are dashed. */
export function guideOf(event: TraceEvent): 'solid' | 'dashed' {
  return event.parent?.evidence === 'order' ? 'dashed' : 'solid';
}

function foldAlike(
  siblings: readonly TraceEvent[],
  unfolded: ReadonlySet<string>,
  standsAlone: (event: TraceEvent) => boolean,
): (readonly TraceEvent[])[] {
  const groups = new Map<string, TraceEvent[]>();
  for (const event of siblings) {
    const { event_type, service, parent, reason, schema } = event;
    const plain = !standsAlone(event) && reason === null && parent?.flags.length === 0;
    const kind = plain ? JSON.stringify([event_type, service, parent.evidence, isViolating(schema)]) : event.id;
    groups.set(kind, [...(groups.get(kind) ?? []), event]);
  }
  return [...groups.values()].flatMap((group): (readonly TraceEvent[])[] =>
    group.length >= FOLD_FROM && !unfolded.has(group[0]?.id ?? '') ? [group] : group.map((event) => [event]),
  );
}

function inOrder(events: readonly TraceEvent[]): TraceEvent[] {
  const timed = events.map((event) => ({ event, atMs: instantMs(event.occurred_at) }));
  return timed.sort((a, b) => a.atMs - b.atMs).map(({ event }) => event);
}
