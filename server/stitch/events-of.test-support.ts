import { NAMES_ALONE } from '../model/dead-letter-queue.ts';
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
  /** Types of the same text have the same id. */
  readonly type?: string;
  readonly span?: number | null;
  readonly parentSpan?: number | null;
  readonly links?: readonly number[];
  /** As the record's headers say; its topic's name may say so as well. */
  readonly dead?: boolean;
}

/** Events from sketches: times are milliseconds, offsets count up in the order given. For tests. */
export function eventsOf(sketches: readonly Sketch[]): StitchEvent[] {
  const types = new Map<string, number>();
  return sketches.map((sketch, index) => {
    const { topic = 'events', type = 'thing happened' } = sketch;
    types.set(type, types.get(type) ?? types.size + 1);
    const stage = NAMES_ALONE.stageOf(topic);
    return {
      incarnationId: 1,
      partition: 0,
      offset: BigInt(index),
      storedDay: '2025-10-18',
      topic,
      eventKey: sketch.id ?? null,
      causationKey: sketch.cause ?? null,
      causationIsCorrelation: sketch.rootMark ?? false,
      typeId: types.get(type) ?? 0,
      typeText: type,
      serviceId: sketch.service === undefined ? 1 : sketch.service,
      occurredAt: micros(sketch.at * 1000),
      recordedAt: micros(sketch.at * 1000 + 500),
      bodyHash: BigInt(sketch.body ?? index),
      topicKind: stage.kind,
      topicBase: stage.base,
      deadLetter: sketch.dead === true || stage.kind === 'dead letter',
      span: bits(sketch.span),
      parentSpan: bits(sketch.parentSpan),
      links: (sketch.links ?? []).map(BigInt),
    };
  });
}

function bits(span: number | null | undefined): bigint | null {
  return span === null || span === undefined ? null : BigInt(span);
}
