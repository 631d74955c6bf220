import type { HopEvidence, HopFlag } from '../model/evidence.ts';
import type { Hop, StitchEvent } from '../model/trace.ts';
import type { Claim, SaidCauses } from './explicit-causes.ts';
import type { KnownCauses } from './infer-parents.ts';
import { walkDown } from './walk-down.ts';

/** All that decides on hops. */
type FoundCauses = KnownCauses & { readonly parentAt: readonly number[] };

const NO_CLAIMS: readonly Claim[] = [];
const NO_FLAGS: readonly HopFlag[] = [];
const DANGLING: readonly HopFlag[] = ['dangling_cause'];

/** The hops of each event in turn: from its parent, or as a root, then from the further causes it names. */
export function makeHops(ordered: readonly StitchEvent[], found: FoundCauses, episodeGapMs: number): readonly Hop[] {
  const { said, parents, parentAt, sealed } = found;
  const further = said.map((each, place) => (sealed(place) ? NO_CLAIMS : furtherCauses(each, parents[place] ?? null)));
  const isBelow = further.some((claims) => claims.length > 0) ? descent(parentAt) : () => false;
  const hops: Hop[] = [];
  const add = (
    effect: StitchEvent,
    ordinal: number,
    evidence: HopEvidence,
    cause: StitchEvent,
    more: readonly HopFlag[],
  ) => {
    const hopUs = effect.occurredAt - cause.occurredAt;
    const isLong = evidence === 'order' && hopUs > episodeGapMs * 1000;
    const flags: readonly HopFlag[] = hopUs < 0 ? [...more, 'clock_skew'] : isLong ? [...more, 'across_gap'] : more;
    hops.push({ effect, ordinal, evidence, cause, hopUs, flags });
  };
  ordered.forEach((effect, place) => {
    if (sealed(place)) return;
    const dangling = said[place]?.mark === 'dangling' ? DANGLING : NO_FLAGS;
    const parent = ordered[parentAt[place] ?? -1];
    if (parent === undefined)
      hops.push({ effect, ordinal: 0, evidence: 'root', cause: null, hopUs: null, flags: dangling });
    else add(effect, 0, parents[place]?.evidence ?? 'order', parent, dangling);
    let ordinal = 1;
    for (const { cause: at, evidence } of further[place] ?? []) {
      const cause = ordered[at];
      if (cause !== undefined && !isBelow(at, place)) add(effect, ordinal++, evidence, cause, NO_FLAGS);
    }
  });
  return hops;
}

/** What an event names beside its parent. One whose every claim would close a cycle is not believed at all. */
function furtherCauses({ claims }: SaidCauses, parent: Claim | null): readonly Claim[] {
  return parent === null || claims.length === 1 ? NO_CLAIMS : claims.filter((claim) => claim !== parent);
}

/** Answers whether one place hangs below another: all trees are walked once, and what each place spans is kept. */
function descent(parentAt: readonly number[]): (place: number, above: number) => boolean {
  const entered = new Array<number>(parentAt.length).fill(0);
  const left = new Array<number>(parentAt.length).fill(0);
  let steps = 0;
  walkDown(parentAt, {
    enter(place) {
      entered[place] = steps++;
    },
    leave(place) {
      left[place] = steps;
    },
  });
  return (place, above) => {
    const at = entered[place] ?? 0;
    return at >= (entered[above] ?? 0) && at < (left[above] ?? 0);
  };
}
