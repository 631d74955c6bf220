import { readHeardEvent } from '../contracts/heard-event.ts';
import { PARTITIONS_PER_TOPIC } from '../contracts/topics.ts';
import { type Cause, type Coordinates, type TruthLine, truthLine } from '../contracts/truth.ts';
import { askForCode, untilNextAskMs } from './ask.ts';
import { around, chanceOf, seededChance } from './chance.ts';
import { ANSWER_LISTENING, type Listening, PERSIST_LISTENING } from './listening.ts';
import { BRIDGE_NODES, beat, introduce, untilNextBeatMs } from './nodes.ts';
import type { PlannedEvent, Surroundings } from './planned-event.ts';
import { SeenEvents } from './seen-events.ts';

/** A record as a broker would hold it after a rehearsal. */
export interface RehearsedRecord extends Coordinates {
  /** Milliseconds since the rehearsal began. */
  readonly atMs: number;
  readonly key: string;
  readonly value: string;
}

/** What to rehearse. Conversations are opened during the first `askingMs`; the rehearsal ends when all is said. */
export interface RehearsalPlan {
  readonly seed: number;
  readonly startMs: number;
  readonly askingMs: number;
  readonly perMinute: number;
}

interface Pending {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Milliseconds from a record's sending to a service's reading of it. */
const TRANSIT_MS = 8;

/**
 * Plays the conversation without a broker and without waiting: the same decisions as the processes take, in simulated
 * time, repeatable by the seed. Answers the records in the order a broker would have received them, and the truth.
 */
export function rehearse(script: RehearsalPlan): { records: RehearsedRecord[]; truth: TruthLine[] } {
  const chance = seededChance(script.seed);
  const records: RehearsedRecord[] = [];
  const truth: TruthLine[] = [];
  const ends = new Map<string, number>();
  const pending: Pending[] = [];
  let nowMs = 0;
  const at = (inMs: number, run: () => void) => pending.push({ dueMs: nowMs + inMs, run });
  const surroundings = (): Surroundings => ({ nowMs: script.startMs + nowMs, chance });
  const listeners = [...ANSWER_LISTENING, ...PERSIST_LISTENING].map((it) => ({ ...it, seen: new SeenEvents(10_000) }));

  function produce(event: PlannedEvent, cause: Cause | null): void {
    for (let copy = 0; copy < event.copies; copy++) at(event.sendsInMs + copy * 40, () => append(event, cause));
  }

  function append(event: PlannedEvent, cause: Cause | null): void {
    const partition = Math.floor(chanceOf(event.key).unit() * PARTITIONS_PER_TOPIC);
    const place = `${event.topic} ${partition}`;
    const offset = ends.get(place) ?? 0;
    ends.set(place, offset + 1);
    const where = { topic: event.topic, partition, offset: String(offset) };
    const value = JSON.stringify(event.body);
    records.push({ ...where, atMs: nowMs, key: event.key, value });
    truth.push(truthLine(event, where, cause));
    for (const listener of listeners) {
      if (listener.topics.includes(event.topic)) at(around(chance, TRANSIT_MS), () => hear(listener, value, where));
    }
  }

  function hear(listener: Listening & { seen: SeenEvents }, value: string, where: Coordinates): void {
    const heard = readHeardEvent(where.topic, Buffer.from(value));
    if (heard === null || !listener.seen.first(heard)) return;
    for (const event of listener.react(heard, surroundings())) produce(event, { ...where, eventId: heard.eventId });
  }

  function keepAsking(): void {
    if (nowMs > script.askingMs) return;
    produce(askForCode(surroundings()), null);
    at(untilNextAskMs(script.perMinute, chance), keepAsking);
  }

  for (const node of BRIDGE_NODES) {
    produce(introduce(node, surroundings()), null);
    const keepBeating = () => {
      if (nowMs > script.askingMs) return;
      produce(beat(node, nowMs, surroundings()), null);
      at(untilNextBeatMs(chance), keepBeating);
    };
    at(untilNextBeatMs(chance), keepBeating);
  }
  at(1_000, keepAsking);
  for (let next = takeEarliest(pending); next !== undefined; next = takeEarliest(pending)) {
    nowMs = next.dueMs;
    next.run();
  }
  return { records, truth };
}

/** The earliest pending step, the first added among equals. Linear: a rehearsal holds a few dozen at a time. */
function takeEarliest(pending: Pending[]): Pending | undefined {
  let best = 0;
  for (let i = 1; i < pending.length; i++) {
    if ((pending[i]?.dueMs ?? 0) < (pending[best]?.dueMs ?? 0)) best = i;
  }
  return pending.splice(best, 1)[0];
}
