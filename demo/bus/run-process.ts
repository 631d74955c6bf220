import { setTimeout as pause } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { liveChance } from '../behaviour/chance.ts';
import type { Surroundings } from '../behaviour/planned-event.ts';
import { CONSTRUCTOR_TOPIC, TOPICS } from '../contracts/topics.ts';
import { brokerAnswered } from './broker-answered.ts';
import { createClient } from './connection.ts';
import { createTopics } from './create-topics.ts';
import { type Hear, Listener } from './listener.ts';
import { type DemoOptions, type ProcessName, readOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { truthFile } from './truth-file.ts';

/** What a demo process works with. */
export interface Stage {
  readonly options: DemoOptions;
  readonly outbox: Outbox;
  /** The time and the chance of now. */
  around(): Surroundings;
  /** Does something again and again, each time after the milliseconds that `untilNextMs` answers. */
  repeat(untilNextMs: () => number, act: () => void): void;
}

/** A demo process: the groups it reads, what it does on its own, and its last words. */
export interface DemoProcess {
  readonly name: ProcessName;
  readonly listening: readonly { groupId: string; topics: readonly string[]; hear: (stage: Stage) => Hear }[];
  readonly begin?: (stage: Stage) => void;
  readonly lastWords?: () => string;
}

/** Ends no later than this after it was told to, whatever the broker does. */
const STOP_WITHIN_MS = 1_500;

/** Runs a demo process until SIGTERM, SIGINT or the parent's end. Waits for the broker as long as it takes. */
export async function runProcess(demo: DemoProcess): Promise<void> {
  const answer = readOptions(process.argv.slice(2), process.env);
  if (!answer.ok) {
    process.stderr.write(`demo ${demo.name}: ${answer.reason}\n`);
    process.exit(2);
  }
  const { options } = answer;
  if (options.without.includes(demo.name)) return;
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const report = createReporter(demo.name, options.brokers, write);
  const kafka = createClient(`demo-${demo.name}`, options.brokers, process.env);
  const stage = createStage(options, new Outbox(kafka, report, truthFile(options.truthFile)));
  const listeners = demo.listening.map((it) => new Listener(kafka, it, it.hear(stage), report));
  stopOnSignal(async () => {
    stage.stop();
    if (demo.lastWords !== undefined) write(`demo ${demo.name}: ${demo.lastWords()}`);
    await Promise.all([stage.outbox.close(), ...listeners.map((listener) => listener.close())]);
  });
  write(`demo ${demo.name}: started, Kafka at ${options.brokers.join(', ')}.`);
  await untilTopicsStand(kafka, options, report);
  await Promise.all(listeners.map((listener) => listener.open()));
  demo.begin?.(stage);
}

function createStage(options: DemoOptions, outbox: Outbox): Stage & { stop(): void } {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;
  return {
    options,
    outbox,
    around: () => ({ nowMs: Date.now(), chance: liveChance }),
    repeat(untilNextMs, act) {
      if (stopped) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        act();
        this.repeat(untilNextMs, act);
      }, untilNextMs());
      timers.add(timer);
    },
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Several processes start at once and each may be first: creating what exists is not an error. */
async function untilTopicsStand(kafka: Kafka, options: DemoOptions, report: Reporter): Promise<void> {
  const topics = [...Object.values(TOPICS), ...(options.poison ? [CONSTRUCTOR_TOPIC] : [])];
  for (;;) {
    try {
      await createTopics(kafka, topics);
      report.found();
      return;
    } catch (error) {
      if (!brokerAnswered(error)) report.lost();
      await pause(1_000);
    }
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const once = () => {
    if (stopping) return;
    stopping = true;
    void Promise.race([stop(), pause(STOP_WITHIN_MS)]).finally(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, once);
  process.on('disconnect', once);
}
