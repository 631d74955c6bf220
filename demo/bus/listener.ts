import type { Consumer, EachMessagePayload, Kafka } from 'kafkajs';
import { SeenEvents } from '../behaviour/seen-events.ts';
import { type HeardEvent, readHeardEvent } from '../contracts/heard-event.ts';
import type { Coordinates } from '../contracts/truth.ts';
import { brokerAnswered } from './broker-answered.ts';
import type { Reporter } from './reporter.ts';

/** Called once for every event that was read, copies left out. Must not throw. */
export type Hear = (heard: HeardEvent, at: Coordinates) => void;

/** Records older than this are left alone: the demo does not answer what somebody asked last year. */
const TOO_OLD_MS = 5 * 60_000;

/** Handled events a listener remembers. */
const MOST_SEEN = 10_000;

/** Pause before a consumer is built again. */
const REBUILD_MS = 1_000;

/** Reads topics in a consumer group, for as long as it takes: a consumer that gave up is replaced by a new one. */
export class Listener {
  readonly #seen = new SeenEvents(MOST_SEEN);
  readonly #kafka: Kafka;
  readonly #groupId: string;
  readonly #topics: readonly string[];
  readonly #hear: Hear;
  readonly #report: Reporter;
  #consumer: Consumer | null = null;
  #rebuild: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(kafka: Kafka, group: { groupId: string; topics: readonly string[] }, hear: Hear, report: Reporter) {
    this.#kafka = kafka;
    this.#groupId = group.groupId;
    this.#topics = group.topics;
    this.#hear = hear;
    this.#report = report;
  }

  /** Connects and reads; resolves when it reads for the first time or will try again later. */
  async open(): Promise<void> {
    const consumer = this.#build();
    this.#consumer = consumer;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.#topics], fromBeginning: true });
      await consumer.run({ eachMessage: async (payload) => this.#read(payload) });
      this.#report.found();
    } catch (error) {
      if (!brokerAnswered(error)) this.#report.lost();
      this.#again();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#rebuild !== null) clearTimeout(this.#rebuild);
    await this.#letGo();
  }

  #build(): Consumer {
    const consumer = this.#kafka.consumer({
      groupId: this.#groupId,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 500,
      sessionTimeout: 8_000,
      rebalanceTimeout: 8_000,
      heartbeatInterval: 2_000,
      metadataMaxAge: 30_000,
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!brokerAnswered(payload.error)) this.#report.lost();
      if (!payload.restart) this.#again();
    });
    consumer.on(consumer.events.GROUP_JOIN, () => this.#report.found());
    return consumer;
  }

  #read({ topic, partition, message }: EachMessagePayload): void {
    if (Date.now() - Number(message.timestamp) > TOO_OLD_MS) return;
    const heard = readHeardEvent(topic, message.value);
    if (heard === null || !this.#seen.first(heard)) return;
    this.#hear(heard, { topic, partition, offset: message.offset });
  }

  #again(): void {
    if (this.#closed || this.#rebuild !== null) return;
    this.#rebuild = setTimeout(() => {
      void this.#letGo().then(() => {
        this.#rebuild = null;
        return this.#closed ? undefined : this.open();
      });
    }, REBUILD_MS);
  }

  async #letGo(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = null;
    // A connection that is gone already cannot be closed better.
    await consumer?.disconnect().catch(() => undefined);
  }
}
