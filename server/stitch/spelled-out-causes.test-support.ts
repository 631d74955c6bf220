import { madeBy, type StitchEvent, type Topology } from '../model/trace.ts';
import { isKnown } from './cause-by-order.ts';

/**
 * The rule of `causeByOrder` spelled out, quadratic and worse: the parents of all events, asked one after the other where
 * `named` has none. For tests.
 */
export function spelledOutCauses(
  ordered: readonly StitchEvent[],
  topology: Topology,
  named: readonly number[],
): readonly number[] {
  const parents = [...named];
  const kindOf = (event: StitchEvent) => madeBy(event.serviceId, event.typeId);
  const living = ordered.filter((event) => !event.deadLetter);
  const learned = new Map<string, number[]>();
  const answers: { readonly service: number | null; readonly cause: StitchEvent }[] = [];

  const learn = (effect: StitchEvent, cause: StitchEvent) => {
    const types = learned.get(kindOf(effect)) ?? [...(topology.causeTypes.get(kindOf(effect)) ?? [])].slice(0, 8);
    learned.set(kindOf(effect), types);
    if (types.length >= 8 || types.includes(cause.typeId) || kindOf(cause) === kindOf(effect) || cause.deadLetter)
      return;
    types.push(cause.typeId);
  };
  const remember = (effect: StitchEvent, cause: StitchEvent) => answers.push({ service: effect.serviceId, cause });
  const isWaitedFor = (effect: StitchEvent, typeId: number) =>
    living.filter((event) => kindOf(event) === kindOf(effect)).length * 2 >
    living.filter((event) => event.typeId === typeId).length;
  const lost = new Set<string>();
  const longestUs = new Map<string, number>();
  const nameOf = (effect: StitchEvent, of: number | StitchEvent) =>
    `${kindOf(effect)} ${typeof of === 'number' ? of : `event ${ordered.indexOf(of)}`}`;
  const waitUs = (effect: StitchEvent, cause: StitchEvent) => effect.occurredAt - cause.occurredAt;
  const waitingOf = (effect: StitchEvent, typeId: number, seen: readonly StitchEvent[]) => {
    const waiting = seen.filter(
      (event) =>
        event.typeId === typeId &&
        kindOf(event) !== kindOf(effect) &&
        !lost.has(nameOf(effect, event)) &&
        !answers.some(({ service, cause }) => service === effect.serviceId && cause === event),
    );
    const patienceUs = (longestUs.get(nameOf(effect, typeId)) ?? Number.POSITIVE_INFINITY) * 3;
    for (let [first] = waiting; first !== undefined && waiting.length > 1; [first] = waiting) {
      if (waitUs(effect, first) <= patienceUs) break;
      lost.add(nameOf(effect, first));
      waiting.shift();
    }
    return waiting;
  };
  const earliest = (effect: StitchEvent, seen: readonly StitchEvent[]) => {
    const types = learned.get(kindOf(effect)) ?? [...(topology.causeTypes.get(kindOf(effect)) ?? [])].slice(0, 8);
    const waiting = types
      .filter((typeId) => isWaitedFor(effect, typeId))
      .flatMap((typeId) => waitingOf(effect, typeId, seen))
      .sort((a, b) => ordered.indexOf(a) - ordered.indexOf(b));
    const [first] = waiting;
    if (first !== undefined && waiting.length === 1) {
      const name = nameOf(effect, first.typeId);
      longestUs.set(name, Math.max(longestUs.get(name) ?? 0, waitUs(effect, first)));
    }
    return first;
  };
  const latest = (effect: StitchEvent, seen: readonly StitchEvent[]) => {
    const consumed = effect.serviceId === null ? undefined : topology.consumes.get(effect.serviceId);
    return (
      seen.findLast((event) => consumed?.has(event.topic) === true && kindOf(event) !== kindOf(effect)) ??
      seen.findLast((event) => event.serviceId !== effect.serviceId) ??
      seen.findLast((event) => kindOf(event) !== kindOf(effect)) ??
      seen.at(-1)
    );
  };
  const isAnotherRoot = (effect: StitchEvent, seen: readonly StitchEvent[]) => {
    const consumed = effect.serviceId === null ? undefined : topology.consumes.get(effect.serviceId);
    const alike = seen.filter((event) => kindOf(event) === kindOf(effect));
    const wasRoot = alike.some((event) => parents[ordered.indexOf(event)] === -1);
    return consumed !== undefined && wasRoot && seen.filter((e) => consumed.has(e.topic)).length < alike.length;
  };
  const causeOf = (effect: StitchEvent, place: number): StitchEvent | undefined => {
    const before = ordered.slice(0, place);
    const seen = before.filter((event) => !event.deadLetter);
    const deadLetter = before.findLast((event) => event.deadLetter);
    if (effect.deadLetter) return latest(effect, seen) ?? deadLetter;
    if (!isKnown(effect, topology)) {
      return seen.findLast((event) => event.serviceId !== effect.serviceId) ?? seen.at(-1) ?? deadLetter;
    }
    const known = earliest(effect, seen);
    if (known !== undefined) return known;
    if (isAnotherRoot(effect, seen)) return undefined;
    const firsts = seen.filter(
      (event, at) => seen.findIndex((e) => e.topic === event.topic && kindOf(e) === kindOf(event)) === at,
    );
    const newest = latest(effect, firsts);
    if (newest !== undefined) learn(effect, newest);
    return earliest(effect, seen) ?? latest(effect, seen) ?? deadLetter;
  };

  ordered.forEach((effect, place) => {
    const cause = ordered[named[place] ?? -1];
    if (cause === undefined) return;
    learn(effect, cause);
    remember(effect, cause);
  });
  ordered.forEach((effect, place) => {
    if ((named[place] ?? -1) >= 0) return;
    const cause = causeOf(effect, place);
    parents[place] = cause === undefined ? -1 : ordered.indexOf(cause);
    if (cause !== undefined && !effect.deadLetter && isKnown(effect, topology)) remember(effect, cause);
  });
  return parents;
}
