import type { HopEvidence, HopFlag } from '../model/evidence.ts';
import type { Hop, StitchEvent, StitchedTrace, Topology } from '../model/trace.ts';
import { compareEvents } from './canonical-order.ts';
import { causeByOrder } from './cause-by-order.ts';
import { namedCauses } from './named-causes.ts';
import { separateCopies } from './separate-copies.ts';

/** Above this many standing events only explicit evidence makes hops: an inferred parent among so many says nothing. */
const MAX_INFERRED_EVENTS = 50_000;
/** With a cause later than its effect each inferred parent is checked against all its ancestors: quadratic at worst. */
const MAX_INFERRED_SKEWED = 5_000;

/** What stitching needs beside the events. */
export interface StitchOptions {
  /** An inferred hop longer than this crosses an episode gap and is flagged. */
  readonly episodeGapMs: number;
}

/**
 * Stitches the events of one trace: copies out, events in canonical order, one parent each.
 *
 *     events ─ separate copies ─ sort ─ named cause? ──yes──> hop by causation
 *                                          └─ no ─> order ──> inferred hop, or root
 *
 * Pure, and independent of the order, the repetition and the batches in which events came. Throws RangeError on none.
 */
export function stitch(events: readonly StitchEvent[], topology: Topology, options: StitchOptions): StitchedTrace {
  const { standing, duplicates, conflicts } = separateCopies(events);
  const ordered = [...standing].sort(compareEvents);
  const first = ordered[0];
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a trace has at least one event');
  return {
    events: ordered,
    hops: findHops(ordered, topology, options),
    duplicates,
    conflicts,
    startedAt: first.occurredAt,
    endedAt: last.occurredAt,
  };
}

function findHops(ordered: readonly StitchEvent[], topology: Topology, options: StitchOptions): Hop[] {
  const named = namedCauses(ordered);
  const order = causeByOrder(topology);
  const parents = new Map<StitchEvent, StitchEvent>();
  for (const [event, claim] of named) if (claim.kind === 'named') parents.set(event, claim.cause);
  // A cause that lies later in canonical order (clock skew) is the only way an inferred parent can close a cycle.
  const skewed = ordered.some((event) => isLater(parents.get(event), event));
  const infer = ordered.length <= (skewed ? MAX_INFERRED_SKEWED : MAX_INFERRED_EVENTS);
  return ordered.map((event) => {
    const claim = named.get(event) ?? { kind: 'silent' };
    const byOrder = infer ? order.next(event, (candidate) => skewed && descendsFrom(candidate, event, parents)) : null;
    const dangling: HopFlag[] = claim.kind === 'dangling' ? ['dangling_cause'] : [];
    if (claim.kind === 'named') return hop(event, claim.cause, 'causation', [], options);
    if (claim.kind === 'root' || byOrder === null) return root(event, dangling);
    parents.set(event, byOrder);
    return hop(event, byOrder, 'order', dangling, options);
  });
}

function isLater(cause: StitchEvent | undefined, effect: StitchEvent): boolean {
  return cause !== undefined && compareEvents(cause, effect) > 0;
}

/** True when `event` is an ancestor of `candidate`. Parents found so far hold no cycle, so the walk ends. */
function descendsFrom(
  candidate: StitchEvent,
  event: StitchEvent,
  parents: ReadonlyMap<StitchEvent, StitchEvent>,
): boolean {
  for (let here = parents.get(candidate); here !== undefined; here = parents.get(here)) if (here === event) return true;
  return false;
}

function root(effect: StitchEvent, flags: readonly HopFlag[]): Hop {
  return { effect, ordinal: 0, evidence: 'root', cause: null, hopUs: null, flags };
}

function hop(
  effect: StitchEvent,
  cause: StitchEvent,
  evidence: HopEvidence,
  known: readonly HopFlag[],
  { episodeGapMs }: StitchOptions,
): Hop {
  const hopUs = effect.occurredAt - cause.occurredAt;
  const flags: HopFlag[] = [...known];
  if (hopUs < 0) flags.push('clock_skew');
  if (evidence === 'order' && hopUs > episodeGapMs * 1000) flags.push('across_gap');
  return { effect, ordinal: 0, evidence, cause, hopUs, flags };
}
