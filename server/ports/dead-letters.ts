import type { DeadLetterDimension } from '../model/dead-letter.ts';
import type { DeadLetterDetail } from '../model/dead-letter-detail-wire.ts';
import type { DeadLetterQueueDetail, DeadLetterQueues, MarkState } from '../model/dead-letter-wire.ts';
import type { Micros } from '../model/time.ts';

/** Filters of `GET /dead-letters/{topic}`; all but the topic and the range are optional, joined by and. */
export interface DeadLetterFilter {
  readonly topic: string;
  /** Kafka's cluster id, where topics of that name are on several. */
  readonly cluster?: string;
  readonly from: Micros;
  readonly to: Micros;
  readonly groupBy: DeadLetterDimension;
  /** Key of a reason in UUID form. */
  readonly reason?: string;
  readonly errorClass?: string;
  readonly originalTopic?: string;
  readonly service?: string;
  readonly eventType?: string;
  /** Those that say nothing of this. */
  readonly without?: 'error_class' | 'original_topic' | 'service';
  readonly limit: number;
  readonly cursor?: string;
}

/** What somebody says of a queue, of a group by reason, or of a record. */
export interface DeadLetterMark {
  readonly topic: string;
  /** Key of a reason in UUID form. */
  readonly reason?: string;
  /** Id of a record. */
  readonly record?: string;
  readonly state: MarkState;
  readonly note?: string;
}

/** Dead letters as pages and API ask for them. Nothing of it touches Kafka. */
export interface DeadLetters {
  queues(): Promise<DeadLetterQueues>;
  /** Null where no topic of that name is known as a queue, a stage or a mirror. */
  queue(filter: DeadLetterFilter): Promise<DeadLetterQueueDetail | null>;
  /** By record id; null where no dead letter is stored there. */
  record(id: string): Promise<DeadLetterDetail | null>;
  /** False when there is no such queue, group or record. */
  mark(mark: DeadLetterMark): Promise<boolean>;
}
