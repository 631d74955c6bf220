import type { StitchEvent } from '../model/trace.ts';

/** For each place the place of the event it is a stage of, or -1. */
export type StageOf = readonly number[];

/**
 * Which events are stages of another: the same event id on a retry topic or as a dead letter. They are stages of the event
 * itself, rather of the one on the topic theirs belongs to; where the event is not here, of its first retry.
 */
export function findStages(ordered: readonly StitchEvent[]): StageOf {
  if (!ordered.some(isStage)) return new Array<number>(ordered.length).fill(-1);
  const firsts = new Map<string, Firsts>();
  ordered.forEach((event, place) => {
    if (event.eventKey === null || event.deadLetter) return;
    const first = firsts.get(event.eventKey) ?? { event: -1, retry: -1, onTopic: new Map() };
    firsts.set(event.eventKey, first);
    if (event.topicKind === 'retry') first.retry = first.retry < 0 ? place : first.retry;
    else {
      if (first.event < 0) first.event = place;
      if (!first.onTopic.has(event.topicBase)) first.onTopic.set(event.topicBase, place);
    }
  });
  return ordered.map((event, place) => {
    if (event.eventKey === null || !isStage(event)) return -1;
    const first = firsts.get(event.eventKey);
    if (first === undefined) return -1;
    const of = first.onTopic.get(event.topicBase) ?? (first.event >= 0 ? first.event : first.retry);
    return of === place ? -1 : of;
  });
}

function isStage({ deadLetter, topicKind }: StitchEvent): boolean {
  return deadLetter || topicKind === 'retry';
}

interface Firsts {
  event: number;
  retry: number;
  readonly onTopic: Map<string, number>;
}
