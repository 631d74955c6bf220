import type { StitchEvent } from '../model/trace.ts';
import type { EventKinds } from './event-kinds.ts';

/** Which events a service has not answered yet, per kind of answer. */
export interface UnansweredEvents {
  see(place: number): void;
  /** Events of this effect's kind follow from events of this cause's type. */
  learn(effect: number, cause: number): void;
  /** This effect's service has answered this cause. */
  answer(effect: number, cause: number): void;
  /** The earliest event seen so far that this effect may answer, or -1. */
  earliest(effect: number): number;
}

/** Beyond so many types a kind follows from anything, and that says nothing. */
const MOST_CAUSE_TYPES = 8;

/** An event that waits so many times longer than any did before, while a younger one waits too, is taken for lost. */
const LOST_AFTER_WAITS = 3;

/** Events of a type in the order they were seen, and how far a kind of answer has got with them. */
interface Queue {
  readonly typeId: number;
  next: number;
  /** The one after the next. */
  second: number;
  /** The longest wait there was when nothing else waited; null before the first. */
  longestUs: number | null;
}

/**
 * First in, first answered, per service: as a consumer group works a partition off. Only types of which there are fewer
 * than twice as many as of their answers are waited for: of others not every event is answered (a summary of many), and
 * the order says nothing. What an answer never comes for would put every later match wrong by one, so it is given up.
 */
export function unansweredEvents(ordered: readonly StitchEvent[], kinds: EventKinds): UnansweredEvents {
  const seenOfType = new Map<number, number[]>();
  const answered = new Map<number | null, Set<number>>();
  const learned = kinds.causeTypes.map((types) => new Set([...types].slice(0, MOST_CAUSE_TYPES)));
  const queues = learned.map((types, kind) => [...types].flatMap((typeId) => queueOf(kind, typeId)));

  function queueOf(kind: number, typeId: number): readonly Queue[] {
    const waits = (kinds.counts[kind] ?? 0) * 2 > (kinds.countOfType.get(typeId) ?? 0);
    return waits ? [{ typeId, next: 0, second: 1, longestUs: null }] : [];
  }

  /** From here on the first that is neither answered nor of the asking kind. What is passed over never comes back. */
  function skipDone(queue: Queue, from: number, effect: number): number {
    const seen = seenOfType.get(queue.typeId) ?? [];
    const done = answered.get(ordered[effect]?.serviceId ?? null);
    let at = from;
    for (let place = seen[at]; place !== undefined; place = seen[at]) {
      if (done?.has(place) !== true && kinds.at[place] !== kinds.at[effect]) break;
      at += 1;
    }
    return at;
  }

  function waitUs(effect: number, cause: number): number {
    return (ordered[effect]?.occurredAt ?? 0) - (ordered[cause]?.occurredAt ?? 0);
  }

  /** The first two of a queue that wait for this effect, -1 for none; those that are lost are given up. */
  function waitingIn(queue: Queue, effect: number): readonly [number, number] {
    const seen = seenOfType.get(queue.typeId) ?? [];
    for (;;) {
      queue.next = skipDone(queue, queue.next, effect);
      queue.second = skipDone(queue, Math.max(queue.second, queue.next + 1), effect);
      const [first = -1, second = -1] = [seen[queue.next], seen[queue.second]];
      const isLost = queue.longestUs !== null && waitUs(effect, first) > queue.longestUs * LOST_AFTER_WAITS;
      if (second < 0 || !isLost) return [first, second];
      queue.next = queue.second;
    }
  }

  return {
    see(place) {
      const typeId = ordered[place]?.typeId ?? 0;
      const seen = seenOfType.get(typeId);
      if (seen === undefined) seenOfType.set(typeId, [place]);
      else seen.push(place);
    },
    learn(effect, cause) {
      const kind = kinds.at[effect] ?? 0;
      const typeId = ordered[cause]?.typeId ?? 0;
      const types = learned[kind];
      if (types === undefined || types.has(typeId) || types.size >= MOST_CAUSE_TYPES) return;
      if (kinds.at[cause] === kind || ordered[cause]?.deadLetter === true) return;
      types.add(typeId);
      queues[kind]?.push(...queueOf(kind, typeId));
    },
    answer(effect, cause) {
      const serviceId = ordered[effect]?.serviceId ?? null;
      const done = answered.get(serviceId);
      if (done === undefined) answered.set(serviceId, new Set([cause]));
      else done.add(cause);
    },
    earliest(effect) {
      let earliest = -1;
      let waiting = 0;
      let of: Queue | null = null;
      for (const queue of queues[kinds.at[effect] ?? 0] ?? []) {
        const [first, second] = waitingIn(queue, effect);
        if (first < 0) continue;
        waiting += second < 0 ? 1 : 2;
        if (earliest >= 0 && earliest < first) continue;
        earliest = first;
        of = queue;
      }
      if (of !== null && waiting === 1) of.longestUs = Math.max(of.longestUs ?? 0, waitUs(effect, earliest));
      return earliest;
    },
  };
}
