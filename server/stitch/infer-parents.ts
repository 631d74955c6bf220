import type { StitchEvent, Topology } from '../model/trace.ts';
import { causeByOrder } from './cause-by-order.ts';
import type { ChosenParents } from './choose-parents.ts';
import type { SaidCauses } from './explicit-causes.ts';
import type { StageOf } from './find-stages.ts';

/** What is known of the events before order is asked. */
export interface KnownCauses extends ChosenParents {
  readonly said: readonly SaidCauses[];
  readonly stageOf: StageOf;
  readonly sealed: (place: number) => boolean;
}

/**
 * Adds the parents that order suggests to those that events name: the place of each event's parent, or -1.
 *
 *     a ──> b      c ──> d        c's clock is ahead of d's: what c caused happened before it.
 *     0     2      5     1        So c is asked about as if it stood where d stands, and only a can be its parent.
 *
 * An event that is asked about is the root of the tree that hangs on it by named causes, and whatever caused it happened
 * before all of that tree. Only events before the tree's first are candidates: none of them hangs on it, so that no cycle
 * can close.
 */
export function inferParents(
  ordered: readonly StitchEvent[],
  topology: Topology,
  known: KnownCauses,
): readonly number[] {
  const parentAt = known.parents.map((claim) => claim?.cause ?? -1);
  const asks = placesToAsk(known);
  // Nothing lies before the first.
  if (!asks.some((effect, place) => effect >= 0 && place > 0)) return parentAt;
  const order = causeByOrder(ordered, topology, parentAt);
  for (let place = 0; place < ordered.length; place++) {
    const effect = asks[place] ?? -1;
    if (effect >= 0) parentAt[effect] = causeOfStage(effect, place, ordered, parentAt, known) ?? order.ask(effect);
    order.see(place, (parentAt[place] ?? -1) < 0 && !known.sealed(place));
  }
  return parentAt;
}

/** For each place the root whose tree begins there and whose cause is to be inferred, or -1. */
function placesToAsk({ said, trees, sealed }: KnownCauses): readonly number[] {
  const begun = new Set<number>();
  return said.map((_, place) => {
    const root = trees.rootOf(place);
    if (begun.has(root)) return -1;
    begun.add(root);
    return said[root]?.mark === 'root' || sealed(root) ? -1 : root;
  });
}

/** A dead letter comes from its event, a retry from where the first try came from; null where that is not to be had. */
function causeOfStage(
  effect: number,
  place: number,
  ordered: readonly StitchEvent[],
  parentAt: readonly number[],
  { stageOf }: KnownCauses,
): number | null {
  const of = stageOf[effect] ?? -1;
  if (of < 0 || of >= place) return null;
  const cause = ordered[effect]?.deadLetter === true ? of : (parentAt[of] ?? -1);
  return cause >= 0 && cause < place ? cause : null;
}
