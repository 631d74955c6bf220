import { NAMES_ALONE, type QueueNames } from '../../model/dead-letter-queue.ts';
import type { TopicStage } from '../../model/topic-stage.ts';
import type { Queryable } from '../transaction.ts';

/** Most ids whose text a process remembers; beyond that all are let go: the tables have them. */
const MOST_REMEMBERED = 50_000;

/** Tells the text that an id stands for; empty for one that stands for none. */
export type TextOf = (id: number) => string;

/** What small ids of events stand for. An id never stands for another text, so what was read once is not read again. */
export class EventNames {
  readonly #types = new Map<number, string>();
  readonly #topics = new Map<number, string>();
  readonly #queues: QueueNames;

  constructor(queues: QueueNames = NAMES_ALONE) {
    this.#queues = queues;
  }

  /** The names of types by their ids. */
  types(client: Queryable, ids: ReadonlySet<number>): Promise<TextOf> {
    return textsOf(client, ids, this.#types, TYPES);
  }

  /** The topics of incarnations by their ids. */
  topics(client: Queryable, ids: ReadonlySet<number>): Promise<TextOf> {
    return textsOf(client, ids, this.#topics, TOPICS);
  }

  /** On which stage of their way the events of a topic are, by the rules that they were read with. */
  stageOf(topic: string): TopicStage {
    return this.#queues.stageOf(topic);
  }
}

async function textsOf(
  client: Queryable,
  ids: ReadonlySet<number>,
  known: Map<number, string>,
  sql: string,
): Promise<TextOf> {
  if (known.size + ids.size > MOST_REMEMBERED) known.clear();
  const missing = [...ids].filter((id) => !known.has(id));
  if (missing.length > 0) {
    const { rows } = await client.query<{ id: number; text: string }>(sql, [missing]);
    for (const { id, text } of rows) known.set(id, text);
  }
  return (id) => known.get(id) ?? '';
}

const TYPES = 'select id, label as text from name where id = any($1::int[])';
const TOPICS = 'select id, topic as text from incarnation where id = any($1::int[])';
