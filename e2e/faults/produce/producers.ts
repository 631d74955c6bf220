import { setTimeout as wait } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { between, type Chance, seededChance } from '../../../demo/behaviour/chance.ts';
import type { LivingTopic } from '../world/cluster.ts';
import type { Ledger } from './ledger.ts';
import type { RecordMaker } from './make-record.ts';
import { createProducerLane } from './producer-lane.ts';

/** Several producers that write all the time. */
export interface Producers {
  /** Writes to one partition, beside the others. */
  write(topic: LivingTopic, partition: number, count: number): Promise<void>;
  /** Nobody writes to that topic while `task` runs, and no write to it is under way when it begins. */
  without<T>(topic: LivingTopic, task: () => Promise<T>): Promise<T>;
  /** Ends the writing, and then writes one record to every partition, so that no log ends with a control record. */
  finish(): Promise<void>;
  /** Ends the writing, whatever state it is in. */
  abandon(): void;
}

/** Between two writes of a lane, at most: about a thousand records a second in all. */
const PAUSE_MS = 80;

/** Starts two lanes that write plainly and one that writes in transactions. `name` is this run's alone. */
export function startProducers(options: {
  readonly kafka: Kafka;
  readonly chance: Chance;
  readonly maker: RecordMaker;
  readonly ledger: Ledger;
  readonly name: string;
}): Producers {
  const { ledger, chance } = options;
  const held = new Set<string>();
  let writing = true;
  const laneChance = (): Chance => seededChance(Math.floor(chance.unit() * 2 ** 32));
  const aside = createProducerLane({ ...options, chance: laneChance() });

  const lanes = [undefined, undefined, `${options.name}-transactions`].map((transactionalId) => {
    const own = laneChance();
    const lane = createProducerLane({
      ...options,
      chance: own,
      ...(transactionalId !== undefined && { transactionalId }),
    });
    let current: Promise<void> = Promise.resolve();
    const loop = async (): Promise<void> => {
      while (writing) {
        current = lane.writeSome(ledger.living().filter(({ topicId }) => !held.has(topicId)));
        await current;
        await wait(between(own, 0, PAUSE_MS));
      }
      await lane.close();
    };
    return { loop: loop(), current: () => current };
  });

  return {
    write: (topic, partition, count) => aside.write(topic, partition, count),
    async without({ topicId }, task) {
      held.add(topicId);
      try {
        await Promise.all(lanes.map((lane) => lane.current()));
        return await task();
      } finally {
        held.delete(topicId);
      }
    },
    abandon() {
      writing = false;
    },
    async finish() {
      writing = false;
      await Promise.all(lanes.map((lane) => lane.loop));
      for (const topic of ledger.living()) {
        for (let partition = 0; partition < topic.partitions; partition += 1) await aside.write(topic, partition, 1);
      }
      await aside.close();
    },
  };
}
