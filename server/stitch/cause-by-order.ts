import { madeBy, type StitchEvent, type Topology } from '../model/trace.ts';
import { eventKinds } from './event-kinds.ts';
import { latestSeen } from './latest-seen.ts';
import { LatestTwo } from './latest-two.ts';
import { unansweredEvents } from './unanswered-events.ts';

/** The cause that order alone suggests. Events are seen one after the other, in canonical order. */
export interface CauseByOrder {
  /** The place of the cause among those seen so far, or -1. */
  ask(effect: number): number;
  see(place: number, isRoot: boolean): void;
}

/**
 * For an event of which the topology knows neither what its service consumes nor what its type follows from, the latest
 * event of another service, else the latest: what follows directly. For others, of the events seen so far, dead letters apart (measured in docs/adr/0014):
 *
 * 1. the earliest that this service has not answered yet, of a type its events of this type follow from: as named causes
 *    or the topology say, or as 3 has found before;
 * 2. none, where an event like this one was a root, and the service has read fewer events than it made like this one:
 *    one of those still waits for what follows, so this is another beginning;
 * 3. the earliest not yet answered of the type that came up last on the topics the service consumes (else of another
 *    service, else of all): what is new when a kind first shows up is what it follows from;
 * 4. the latest on a topic that the service consumes, else the latest of another service, else the latest.
 *
 * What 1 and 3 wait for in vain is given up in time. Where each type comes once, this is the latest event that the service
 * consumes. An event of the same type by the same service is a try before this one, taken when nothing else is there; a
 * dead letter after that. A dead letter's own cause is found by 4. `parentAt` has the parents that events name.
 */
export function causeByOrder(
  ordered: readonly StitchEvent[],
  topology: Topology,
  parentAt: readonly number[],
): CauseByOrder {
  const kinds = eventKinds(ordered, topology);
  const all = latestSeen(ordered, topology, kinds);
  const firsts = latestSeen(ordered, topology, kinds);
  const unanswered = unansweredEvents(ordered, kinds);
  const kindsOnTopic = new Map<string, Set<number>>();
  const seenOfKind = new Map<number, number>();
  const serviceAt = (place: number) => ordered[place]?.serviceId ?? null;
  const direct = new LatestTwo(serviceAt);
  const rootKinds = new Set<number>();
  let deadLetter = -1;
  parentAt.forEach((cause, effect) => {
    if (cause < 0) return;
    unanswered.learn(effect, cause);
    unanswered.answer(effect, cause);
  });

  function isFirst(place: number, kind: number): boolean {
    const topic = ordered[place]?.topic ?? '';
    const before = kindsOnTopic.get(topic) ?? new Set();
    kindsOnTopic.set(topic, before);
    return before.size < before.add(kind).size;
  }

  function isAnotherRoot(effect: number): boolean {
    const kind = kinds.at[effect] ?? 0;
    const read = rootKinds.has(kind) ? all.countRead(effect) : null;
    return read !== null && read < (seenOfKind.get(kind) ?? 0);
  }

  function earliestOfNewest(effect: number): number {
    const newest = firsts.before(effect);
    if (newest < 0) return -1;
    unanswered.learn(effect, newest);
    return unanswered.earliest(effect);
  }

  function causeOf(effect: number): number {
    const known = unanswered.earliest(effect);
    if (known >= 0) return known;
    if (isAnotherRoot(effect)) return -1;
    const newest = earliestOfNewest(effect);
    return newest >= 0 ? newest : orDeadLetter(all.before(effect));
  }

  function directlyBefore(effect: number): number {
    const ofAnother = direct.outside(serviceAt(effect));
    return ofAnother >= 0 ? ofAnother : direct.latest;
  }

  function orDeadLetter(cause: number): number {
    return cause >= 0 ? cause : deadLetter;
  }

  return {
    ask(effect) {
      if (ordered[effect]?.deadLetter === true) return orDeadLetter(all.before(effect));
      if (!isKnown(ordered[effect], topology)) return orDeadLetter(directlyBefore(effect));
      const cause = causeOf(effect);
      if (cause >= 0) unanswered.answer(effect, cause);
      return cause;
    },
    see(place, isRoot) {
      if (ordered[place]?.deadLetter === true) {
        deadLetter = place;
        return;
      }
      const kind = kinds.at[place] ?? 0;
      if (isRoot) rootKinds.add(kind);
      seenOfKind.set(kind, (seenOfKind.get(kind) ?? 0) + 1);
      if (isFirst(place, kind)) firsts.see(place);
      all.see(place);
      direct.put(place);
      unanswered.see(place);
    },
  };
}

/** True where the topology says something of an event's causes. */
export function isKnown(event: StitchEvent | undefined, { consumes, causeTypes }: Topology): boolean {
  if (event === undefined) return false;
  const { serviceId, typeId } = event;
  return (serviceId !== null && consumes.has(serviceId)) || causeTypes.has(madeBy(serviceId, typeId));
}
