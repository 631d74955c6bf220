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

/** Events of a type in the order they were seen, and how far a kind of answer has got with them. */
interface Queue {
  readonly typeId: number;
  next: number;
}

/**
 * First in, first answered, per service: as a consumer group works a partition off. Only types of which there are fewer
 * than twice as many as of their answers are waited for: of others not every event is answered (a summary of many), and
 * the order says nothing.
 */
export function unansweredEvents(ordered: readonly StitchEvent[], kinds: EventKinds): UnansweredEvents {
  const seenOfType = new Map<number, number[]>();
  const answered = new Map<number | null, Set<number>>();
  const learned = kinds.causeTypes.map((types) => new Set([...types].slice(0, MOST_CAUSE_TYPES)));
  const queues = learned.map((types, kind) => [...types].flatMap((typeId) => queueOf(kind, typeId)));

  function queueOf(kind: number, typeId: number): readonly Queue[] {
    const waits = (kinds.counts[kind] ?? 0) * 2 > (kinds.countOfType.get(typeId) ?? 0);
    return waits ? [{ typeId, next: 0 }] : [];
  }

  /** The first of a queue that is neither answered nor of the asking kind. What is passed over never comes back. */
  function headOf(queue: Queue, kind: number, done: ReadonlySet<number> | undefined): number {
    const seen = seenOfType.get(queue.typeId) ?? [];
    let head = seen[queue.next];
    while (head !== undefined && (done?.has(head) === true || kinds.at[head] === kind)) {
      queue.next += 1;
      head = seen[queue.next];
    }
    return head ?? -1;
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
      const kind = kinds.at[effect] ?? 0;
      const done = answered.get(ordered[effect]?.serviceId ?? null);
      let earliest = -1;
      for (const queue of queues[kind] ?? []) {
        const head = headOf(queue, kind, done);
        if (head >= 0 && (earliest < 0 || head < earliest)) earliest = head;
      }
      return earliest;
    },
  };
}
