import { until } from '../../support/until.ts';
import { partitionName } from '../check/written.ts';
import { PATIENCE_MS } from '../patience.ts';
import type { LivingTopic } from '../world/cluster.ts';
import { type FaultContext, someTopic, wholeBetween, withoutTaps } from './fault-context.ts';

/** What happens to the topics, by name. */
export const TOPIC_FAULTS: Readonly<Record<string, (context: FaultContext) => Promise<void>>> = {
  async 'a topic is deleted and created again'(context) {
    await createAgain(context, someTopic(context));
  },

  /** The new life has more records than the old one had, before a tap looks. */
  async 'a topic is created again and refilled past its old end'(context) {
    const topic = someTopic(context);
    for (const tap of context.taps) tap.signal('SIGSTOP');
    try {
      const ends = await context.bed.cluster.bounds([topic]);
      const again = await createAgain(context, topic);
      for (let partition = 0; partition < again.partitions; partition += 1) {
        const { end } = ends.get(partitionName({ ...topic, partition })) ?? { end: 0n };
        // The producers have written a little more than `end` since it was read, so go well past it.
        for (let left = Number(end) + 50; left > 0; left -= 500) {
          await context.producers.write(again, partition, Math.min(left, 500));
        }
      }
    } finally {
      for (const tap of context.taps) tap.signal('SIGCONT');
    }
  },

  async 'a new topic appears'(context) {
    const partitions = wholeBetween(context.chance, 1, 4);
    await context.bed.createTopic(`late-${context.nextNumber()}`, partitions, {});
  },

  async 'a topic gets another partition'({ bed, ...context }) {
    const topic = someTopic({ bed, ...context });
    bed.ledger.lives(await bed.cluster.addPartitions(topic, topic.partitions + 1));
  },

  /** With no tap running, what retention deletes is exactly what must be told as a hole. */
  async 'retention passes the taps'(context) {
    const { bed, chance } = context;
    await withoutTaps(context, async () => {
      const topic = someTopic(context);
      const partition = wholeBetween(chance, 0, topic.partitions);
      const name = partitionName({ ...topic, partition });
      const position = (await bed.positions()).get(name);
      const least = (position ?? 0n) + 20n;
      const end = await until(
        'records past the position',
        async () => {
          const bounds = (await bed.cluster.bounds([topic])).get(name);
          return bounds !== undefined && bounds.end > least ? bounds.end : null;
        },
        { timeoutMs: PATIENCE_MS },
      );
      const below = end - BigInt(wholeBetween(chance, 0, 15));
      await bed.cluster.deleteRecords(topic.topic, partition, below);
      // A partition that was never begun begins where its log does.
      if (position === undefined || position >= below) return;
      bed.ledger.hole({ topicId: topic.topicId, partition, from: position, to: below, reason: 'retention' });
    });
  },
};

/** The topic's next life, like its last. No write is under way meanwhile, so each acknowledged record has its life. */
async function createAgain({ bed, producers }: FaultContext, topic: LivingTopic): Promise<LivingTopic> {
  return producers.without(topic, () => bed.createAgain(topic));
}
