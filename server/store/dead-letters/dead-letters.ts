import type { Pool } from 'pg';
import type { AsOf } from '../../model/as-of.ts';
import { createQueueNames, type DeadLetterRules, type QueueNames } from '../../model/dead-letter-queue.ts';
import type { DeadLetterQueueDetail, DeadLetterQueues } from '../../model/dead-letter-wire.ts';
import type { CompareLetter } from '../../model/letter-comparison.ts';
import { createOwnership, type Ownership, type OwnershipRules } from '../../model/ownership.ts';
import { micros, microsToRfc3339, millisToMicros } from '../../model/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadLetterFilter, DeadLetters } from '../../ports/dead-letters.ts';
import type { OpenReader } from '../../ports/reads.ts';
import { shareForASecond } from '../read/share.ts';
import { stepsOf } from '../read/violation-groups.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { readFailures } from './failures.ts';
import { type KnownQueue, MOST_QUEUES, readKnownQueues } from './known-queues.ts';
import { readLetterDetail } from './letter-detail.ts';
import { readLetterGroups } from './letter-groups.ts';
import { readLetters } from './letter-list.ts';
import { QUEUE_TARGET } from './mark-targets.ts';
import { readMarks, writeMark } from './marks.ts';
import { readQueueEnds } from './queue-ends.ts';
import { readQueueSums } from './queue-sums.ts';
import { type QueueParts, toPartitionWire, toQueueWire } from './queue-wire.ts';
import { totalOf } from './queues-total.ts';

export interface DeadLettersOptions {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly rules: DeadLetterRules;
  readonly ownership: OwnershipRules;
  readonly clock: Clock;
  readonly openReader: OpenReader;
  readonly compare: CompareLetter;
  /** What every answer says of itself. */
  readonly asOf: () => Promise<AsOf>;
}

/** Dead letters on PostgreSQL. */
export function createDeadLetters(options: DeadLettersOptions): DeadLetters {
  const { pool, workspaceId, clock, asOf, openReader, compare } = options;
  const names = createQueueNames(options.rules);
  const context: QueueContext = { workspaceId, names, ownership: createOwnership(options.ownership), clock };
  const queues = shareForASecond(clock, () => readAll(pool, context));
  return {
    async queues() {
      const [all, self] = await Promise.all([queues(), asOf()]);
      return { ...self, ...all };
    },
    async queue(filter) {
      const [queue, self] = await Promise.all([readOne(pool, context, filter), asOf()]);
      return queue === null ? null : { ...self, ...queue };
    },
    async record(id) {
      const self = await asOf();
      const reader = openReader();
      const read = () => readLetterDetail(pool, id, { workspaceId, reader, compare });
      const first = await read();
      const found = (await reader.fetchMissing()) ? await read() : first;
      return found === null ? null : { ...self, ...found };
    },
    mark: (mark) => writeMark(pool, { workspaceId, names }, mark),
  };
}

interface QueueContext {
  readonly workspaceId: number;
  readonly names: QueueNames;
  readonly ownership: Ownership;
  readonly clock: Clock;
}

async function readAll(pool: Pool, context: QueueContext): Promise<Omit<DeadLetterQueues, 'as_of' | 'coverage'>> {
  const nowUs = millisToMicros(context.clock.now());
  return inTransaction(
    pool,
    async (client) => {
      const known = await readKnownQueues(client, context.workspaceId, context.names);
      const parts = await readParts(client, known.slice(0, MOST_QUEUES), context);
      const wires = parts.map((each) => toQueueWire(each, { ownership: context.ownership, nowUs }));
      const queues = wires.filter(({ kind }) => kind === 'dead letter');
      return {
        queues: [...queues].sort(byUrgency),
        others: wires.filter(({ kind }) => kind !== 'dead letter'),
        more: known.length > MOST_QUEUES,
        total: totalOf(queues),
        without_dead_letter: await readFailures(client, { ...context, nowUs }),
      };
    },
    BEGIN.reading,
  );
}

type Wire = DeadLetterQueues['queues'][number];

/** What expires first in front, then the deepest. */
function byUrgency(a: Wire, b: Wire): number {
  const [first, second] = [a.expires_in_s ?? Number.MAX_VALUE, b.expires_in_s ?? Number.MAX_VALUE];
  if (first !== second) return first - second;
  const difference = BigInt(b.depth ?? -1) - BigInt(a.depth ?? -1);
  return difference > 0n ? 1 : difference < 0n ? -1 : a.topic.localeCompare(b.topic);
}

async function readParts(
  client: Queryable,
  known: readonly KnownQueue[],
  { clock }: QueueContext,
): Promise<readonly QueueParts[]> {
  const ids = known.map(({ incarnationId }) => incarnationId);
  const endsOf = await readQueueEnds(client, known);
  const sumsOf = await readQueueSums(client, ids, millisToMicros(clock.now()));
  const markOf = await readMarks(client, ids, [QUEUE_TARGET]);
  return known.map((queue) => ({
    ...{ queue, ends: endsOf(queue), sums: sumsOf(queue.incarnationId) },
    mark: markOf(queue.incarnationId, QUEUE_TARGET),
  }));
}

/** Of topics of one name on several clusters the first, by the cluster's id, unless one is named. */
async function readOne(
  pool: Pool,
  context: QueueContext,
  filter: DeadLetterFilter,
): Promise<Omit<DeadLetterQueueDetail, 'as_of' | 'coverage'> | null> {
  const { workspaceId, names, ownership, clock } = context;
  return inTransaction(
    pool,
    async (client) => {
      const known = await readKnownQueues(client, workspaceId, names, filter.topic);
      const queue = known.find(({ cluster }) => filter.cluster === undefined || cluster === filter.cluster);
      if (queue === undefined) return null;
      const [parts] = await readParts(client, [queue], context);
      if (parts === undefined) return null;
      const within = { incarnationIds: [queue.incarnationId], workspaceId };
      const { groups, more } = await readLetterGroups(client, filter, within);
      const { records, nextCursor } = await readLetters(client, filter, within);
      return {
        queue: toQueueWire(parts, { ownership, nowUs: millisToMicros(clock.now()) }),
        partitions: parts.ends.partitions.map(toPartitionWire),
        from: microsToRfc3339(filter.from),
        to: microsToRfc3339(micros(filter.to)),
        step_s: stepsOf(filter).stepUs / 1e6,
        ...{ group_by: filter.groupBy, groups, more_groups: more, records, next_cursor: nextCursor },
      };
    },
    BEGIN.reading,
  );
}
