/** Where a record stands. Offsets are decimal text: they do not fit a number. */
export interface Coordinates {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** A consumed event that caused another. */
export interface Cause extends Coordinates {
  readonly eventId: string | null;
}

/** One line of the truth file: a produced record and the consumed one that truly caused it. */
export interface TruthLine extends Coordinates {
  readonly event_id: string | null;
  readonly correlation_id: string;
  readonly type: string;
  readonly caused_by_event_id: string | null;
  readonly caused_by: Coordinates | null;
}

/** The truth about a produced record. A null cause marks a root. */
export function truthLine(
  event: { readonly eventId: string | null; readonly correlationId: string; readonly type: string },
  at: Coordinates,
  cause: Cause | null,
): TruthLine {
  return {
    event_id: event.eventId,
    topic: at.topic,
    partition: at.partition,
    offset: at.offset,
    correlation_id: event.correlationId,
    type: event.type,
    caused_by_event_id: cause?.eventId ?? null,
    caused_by: cause === null ? null : { topic: cause.topic, partition: cause.partition, offset: cause.offset },
  };
}
