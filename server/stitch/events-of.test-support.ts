import { micros } from '../model/time.ts';
import type { StitchEvent } from '../model/trace.ts';

/** What a test says of an event; the rest has plain defaults. */
export interface Sketch {
  readonly id?: string | null;
  readonly cause?: string | null;
  readonly at: number;
  readonly service?: number | null;
  readonly topic?: string;
  readonly body?: number;
  readonly rootMark?: boolean;
}

/** Events from sketches: times are milliseconds, offsets count up in the order given. For tests. */
export function eventsOf(sketches: readonly Sketch[]): StitchEvent[] {
  return sketches.map((sketch, index) => ({
    incarnationId: 1,
    partition: 0,
    offset: BigInt(index),
    storedDay: '2025-10-18',
    topic: sketch.topic ?? 'events',
    eventKey: sketch.id ?? null,
    causationKey: sketch.cause ?? null,
    causationIsCorrelation: sketch.rootMark ?? false,
    typeId: 1,
    serviceId: sketch.service === undefined ? 1 : sketch.service,
    occurredAt: micros(sketch.at * 1000),
    recordedAt: micros(sketch.at * 1000 + 500),
    bodyHash: BigInt(sketch.body ?? index),
  }));
}
