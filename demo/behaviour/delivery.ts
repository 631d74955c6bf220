import { around, between, type Chance } from './chance.ts';
import type { PlannedEvent } from './planned-event.ts';

/** How often a record leaves its producer in an unusual way, as shares of 1. */
export interface DeliveryTrouble {
  /** Sent 20 to 60 s after it happened. */
  readonly late: number;
  /** Sent 3 to 6 s after it happened, so that events which happened later overtake it. */
  readonly overtaken: number;
  /** Sent twice. */
  readonly twice: number;
}

/** For events that others wait for: lateness there would only slow the conversation down. */
export const STEADY: DeliveryTrouble = { late: 0, overtaken: 0, twice: 0.03 };

/** For events nobody waits for. */
export const LOOSE: DeliveryTrouble = { late: 0.06, overtaken: 0.12, twice: 0.03 };

/** The planned event with the trouble of its way to the broker: its own times stay, its sending may move. */
export function deliver(event: PlannedEvent, trouble: DeliveryTrouble, chance: Chance): PlannedEvent {
  const copies = chance.unit() < trouble.twice ? 2 : 1;
  const draw = chance.unit();
  const delayMs =
    draw < trouble.late
      ? between(chance, 20_000, 60_000)
      : draw < trouble.late + trouble.overtaken
        ? between(chance, 3_000, 6_000)
        : around(chance, 4);
  return { ...event, copies, sendsInMs: event.occursInMs + Math.round(delayMs) };
}
