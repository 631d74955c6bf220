import { madeBy, type StitchEvent, type Topology } from '../model/trace.ts';

/** Events of one type by one service are of one kind; kinds are numbered. */
export interface EventKinds {
  /** The kind of the event at each place. */
  readonly at: readonly number[];
  /** How many events there are of each kind and of each type, dead letters apart. */
  readonly counts: readonly number[];
  readonly countOfType: ReadonlyMap<number, number>;
  /** What the topology says of each kind: the types its events follow from. */
  readonly causeTypes: readonly ReadonlySet<number>[];
}

const NONE: ReadonlySet<number> = new Set();

/** Numbers the kinds of these events. */
export function eventKinds(ordered: readonly StitchEvent[], topology: Topology): EventKinds {
  const numbers = new Map<number | null, Map<number, number>>();
  const countOfType = new Map<number, number>();
  const counts: number[] = [];
  const causeTypes: ReadonlySet<number>[] = [];
  const at = ordered.map(({ serviceId, typeId, deadLetter }) => {
    const ofService = numbers.get(serviceId) ?? new Map<number, number>();
    numbers.set(serviceId, ofService);
    let kind = ofService.get(typeId);
    if (kind === undefined) {
      kind = counts.push(0) - 1;
      ofService.set(typeId, kind);
      causeTypes.push(topology.causeTypes.get(madeBy(serviceId, typeId)) ?? NONE);
    }
    if (!deadLetter) {
      counts[kind] = (counts[kind] ?? 0) + 1;
      countOfType.set(typeId, (countOfType.get(typeId) ?? 0) + 1);
    }
    return kind;
  });
  return { at, counts, countOfType, causeTypes };
}
