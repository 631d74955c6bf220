import type { Claim, SaidCauses } from './explicit-causes.ts';
import { Trees } from './trees.ts';

/** Parents by what events say. */
export interface ChosenParents {
  readonly parents: readonly (Claim | null)[];
  readonly trees: Trees;
}

/**
 * Of each event the first claim that closes no cycle. Later events choose first, so every cycle is cut at its earliest
 * event, whatever came when. A sealed event keeps the hop it has and gets none.
 */
export function chooseParents(said: readonly SaidCauses[], sealed: (place: number) => boolean): ChosenParents {
  const trees = new Trees(said.length);
  const parents: (Claim | null)[] = new Array(said.length).fill(null);
  for (let place = said.length - 1; place >= 0; place--) {
    if (sealed(place)) continue;
    const parent = said[place]?.claims.find((claim) => trees.rootOf(claim.cause) !== place);
    if (parent === undefined) continue;
    parents[place] = parent;
    trees.hang(place, parent.cause);
  }
  return { parents, trees };
}
