import type { TopicKind, TopicName } from './topic-name.ts';

/** What records a topic holds: as `TopicKind`, with those that are tried again apart. */
export type StageKind = TopicKind | 'retry';

/** On which stage of their way the events of a topic are. */
export interface TopicStage {
  readonly kind: StageKind;
  /** The topic's family without the words that mark a retry or a dead-letter topic; '' where nothing else is said. */
  readonly base: string;
}

const MARKS = /(^|[.\-_])(dlq|dlt|dead[-_]?letters?|retry([-_.]?\d{1,5})?)(?=[.\-_]|$)/gi;

/** The stage of a topic whose name is read: `orders.retry-2`, `dlq.orders` and `orders` have one base. */
export function stageOfName({ family, kind, retry }: TopicName): TopicStage {
  return {
    kind: kind === 'events' && retry ? 'retry' : kind,
    base: family.replace(MARKS, '').replace(/^[.\-_]+/, ''),
  };
}
