import kafkajs, { type Kafka, type Message, type Producer } from 'kafkajs';
import type { PlannedEvent } from '../behaviour/planned-event.ts';
import type { PoisonRecord } from '../behaviour/poison.ts';
import { type Cause, truthLine } from '../contracts/truth.ts';
import { brokerAnswered, protocolErrorOf } from './broker-answered.ts';
import type { Reporter } from './reporter.ts';
import type { TellTruth } from './truth-file.ts';

/** What waits to be sent, at most: more is refused, and said once. */
const MOST_WAITING = 5_000;

/** What could not be sent for so long is dropped: nobody waits for it any more. */
const EXPIRES_MS = 60_000;

/** Pause between attempts while the broker is away. */
const RETRY_MS = 500;

/** On the way out it sends what waits for so long at most. */
const CLOSES_WITHIN_MS = 1_000;

/** A copy of a record follows the first one after this. */
const COPY_AFTER_MS = 40;

interface Letter {
  readonly topic: string;
  readonly message: Message;
  readonly event: PlannedEvent | null;
  readonly cause: Cause | null;
  readonly dueMs: number;
}

/** Sends planned events when they are due, one after the other, and again while the broker is away (at least once). */
export class Outbox {
  readonly #scheduled = new Map<NodeJS.Timeout, Letter>();
  readonly #ready: Letter[] = [];
  readonly #kafka: Kafka;
  readonly #report: Reporter;
  readonly #tellTruth: TellTruth;
  #producer: Producer | null = null;
  #sending: Promise<void> | null = null;
  /** Nothing is sent after this. */
  #untilMs = Number.POSITIVE_INFINITY;
  #closed = false;
  #saidFull = false;

  constructor(kafka: Kafka, report: Reporter, tellTruth: TellTruth) {
    this.#kafka = kafka;
    this.#report = report;
    this.#tellTruth = tellTruth;
  }

  /** Sends the event, and its copies, when their time has come. A null cause marks a root. */
  post(event: PlannedEvent, cause: Cause | null): void {
    const message = { key: event.key, value: JSON.stringify(event.body) };
    for (let copy = 0; copy < event.copies; copy++) {
      this.#schedule({ topic: event.topic, message, event, cause, dueMs: event.sendsInMs + copy * COPY_AFTER_MS });
    }
  }

  /** Sends a poisoned record now. There is no truth about it. */
  postPoison({ topic, key, value, headers }: PoisonRecord): void {
    this.#schedule({ topic, message: { key, value, headers: { ...headers } }, event: null, cause: null, dueMs: 0 });
  }

  /**
   * Sends at once what was to be sent later, as the consumer has committed what it answers to; drops what cannot be sent
   * in time, and lets go of the connection.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#untilMs = Date.now() + CLOSES_WITHIN_MS;
    const waiting = [...this.#scheduled].sort(([, a], [, b]) => a.dueMs - b.dueMs);
    for (const [timer, letter] of waiting) {
      clearTimeout(timer);
      this.#ready.push({ ...letter, dueMs: Date.now() });
    }
    this.#scheduled.clear();
    await this.#sendReady();
    this.#ready.length = 0;
    await this.#letGo();
  }

  #schedule(letter: Letter): void {
    if (this.#closed) return;
    if (this.#scheduled.size + this.#ready.length >= MOST_WAITING) {
      if (!this.#saidFull) this.#report.warn(`${MOST_WAITING} events wait to be sent; further ones are dropped.`);
      this.#saidFull = true;
      return;
    }
    const timer = setTimeout(() => {
      this.#scheduled.delete(timer);
      this.#ready.push({ ...letter, dueMs: Date.now() });
      void this.#sendReady();
    }, letter.dueMs);
    this.#scheduled.set(timer, letter);
  }

  /** Resolves when nothing is ready any more, or the time is over. */
  #sendReady(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#ready[0]; next !== undefined && Date.now() < this.#untilMs; next = this.#ready[0]) {
      if (Date.now() - next.dueMs > EXPIRES_MS || (await this.#sent(next))) this.#ready.shift();
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** True when the letter is done with: sent, or refused by the broker for good. */
  async #sent(letter: Letter): Promise<boolean> {
    try {
      const producer = await this.#connected();
      const [receipt] = await producer.send({ topic: letter.topic, messages: [letter.message], acks: -1 });
      this.#report.found();
      this.#saidFull = false;
      if (letter.event !== null && receipt !== undefined) {
        const at = { topic: letter.topic, partition: receipt.partition, offset: receipt.baseOffset ?? '-1' };
        await this.#tellTruth(truthLine(letter.event, at, letter.cause));
      }
      return true;
    } catch (error) {
      return this.#refusedForGood(error, letter.topic);
    }
  }

  async #refusedForGood(error: unknown, topic: string): Promise<boolean> {
    if (this.#closed) return true;
    const refusal = refusalOf(error);
    if (refusal !== null) {
      this.#report.warn(`the broker refused a record for ${topic}: ${refusal}.`);
      return true;
    }
    if (!(error instanceof kafkajs.KafkaJSError)) {
      this.#report.warn(error instanceof Error ? error.message : String(error));
      return true;
    }
    if (!brokerAnswered(error)) this.#report.lost();
    await this.#letGo();
    return false;
  }

  async #connected(): Promise<Producer> {
    if (this.#producer !== null) return this.#producer;
    const producer = this.#kafka.producer({ allowAutoTopicCreation: false });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    this.#producer = producer;
    return producer;
  }

  async #letGo(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    // A connection that is gone already cannot be closed better.
    await producer?.disconnect().catch(() => undefined);
  }
}

/** Answers of a broker that another attempt would not change. */
const FINAL_REFUSALS: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'INVALID_RECORD',
]);

function refusalOf(error: unknown): string | null {
  const name = protocolErrorOf(error);
  return name !== null && FINAL_REFUSALS.has(name) ? name : null;
}
