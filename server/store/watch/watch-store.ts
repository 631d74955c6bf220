import type { Pool, PoolClient } from 'pg';
import { millisToMicros } from '../../model/time.ts';
import { NotWatchLeaderError, type WatchedTopic, type WatchRound, type WatchStore } from '../../ports/watch-store.ts';
import { LOCKS } from '../locks.ts';
import { dayFromText, dayOf, dayText } from '../sql-time.ts';
import { transactionOn } from '../transaction.ts';
import { createLeadership } from './leader-lock.ts';
import { readWatchState } from './read-watch-state.ts';
import { writeConfigs } from './write-configs.ts';
import { markGroupsGone, writeGroups } from './write-groups.ts';
import { writeCommitted, writeMarks } from './write-offsets.ts';
import { type NewestRound, writeRound } from './write-round.ts';

/** What the leader has while it leads; gone with its connection. */
interface Lead {
  readonly client: PoolClient;
  readonly clusterId: number;
  readonly ids: Map<string, number>;
  newest: NewestRound | null;
  readonly days: Set<string>;
}

/** Current rows of a topic's former life are kept this long after it is gone; the history is kept as long as hops. */
const FORMER_LIFE = '1 day';
/** Current rows of a group are kept this long after it is gone, so that events say what it consumed. */
const FORMER_GROUP = '30 days';

export interface WatchStoreOptions {
  readonly pool: Pool;
  readonly workspaceId: number;
  /** The tap's own consumer group: it is marked as such. */
  readonly ownGroup: string;
}

/** Watch's side of the store: every write goes through the connection that holds the lock of the cluster. */
export function createWatchStore({ pool, workspaceId, ownGroup }: WatchStoreOptions): WatchStore {
  const lock = createLeadership(pool, LOCKS.watch, lost);
  let lead: Lead | null = null;

  const leading = (): Lead => {
    const client = lock.leading();
    if (lead?.client !== client) throw lost();
    return lead;
  };

  return {
    async acquire(clusterKafkaId) {
      await lock.release();
      const { rows } = await pool.query<{ id: number }>(CLUSTER, [workspaceId, clusterKafkaId]);
      const clusterId = rows[0]?.id;
      if (clusterId === undefined || !(await lock.lead(clusterId))) return null;
      const client = lock.leading();
      try {
        const { ids, ...state } = await readWatchState(client, clusterId);
        lead = { client, clusterId, ids: new Map(ids), newest: null, days: new Set() };
        return state;
      } catch (error) {
        lock.drop(client);
        throw error;
      }
    },

    async topics() {
      const { client, clusterId } = leading();
      const { rows } = await client.query<WatchedTopic>(TOPICS, [clusterId]);
      return rows;
    },

    async write(round) {
      const held = leading();
      const { client } = held;
      try {
        const day = dayOf(millisToMicros(round.endedAt));
        await ensureDays(held, day);
        const { newest, ids } = await transactionOn(client, () =>
          writeAll(held, { workspaceId, ownGroup, day }, round),
        );
        held.newest = newest;
        for (const [group, id] of ids) held.ids.set(group, id);
      } catch (error) {
        lock.drop(client);
        throw error;
      }
    },

    async writeConfigs(configs) {
      const { client, clusterId } = leading();
      await writeConfigs(client, clusterId, configs).catch((error: unknown) => {
        lock.drop(client);
        throw error;
      });
    },

    release: lock.release,
  };
}

function lost(): Error {
  return new NotWatchLeaderError('the connection that holds the lock of watch is lost');
}

/** The day of the round and the next one, so that midnight waits for nothing. Outside the round's transaction. */
async function ensureDays({ client, clusterId, days }: Lead, day: string): Promise<void> {
  if (days.has(day)) return;
  const next = dayText(dayFromText(day) + 1);
  await client.query('select ensure_stored_day($1::date), ensure_stored_day($2::date)', [day, next]);
  for (const table of ['committed_offset', 'watermark', 'topic_config'])
    await client.query(forgetFormer(table), [clusterId]);
  await client.query(FORGET_GROUPS, [clusterId]);
  days.clear();
  days.add(day);
}

async function writeAll(
  held: Lead,
  { workspaceId, ownGroup, day }: Omit<WatchStoreOptions, 'pool'> & { readonly day: string },
  round: WatchRound,
) {
  const { client, clusterId } = held;
  const ids = new Map([...held.ids, ...(await writeGroups(client, workspaceId, clusterId, ownGroup, round))]);
  const failedGroups = round.failedGroups.flatMap(({ group }) => ids.get(group) ?? []);
  const newest = await writeRound(client, clusterId, held.newest, { day, failedGroups, round });
  const changes = round.committed.flatMap((change) => {
    const groupId = ids.get(change.group);
    return groupId === undefined ? [] : [{ ...change, groupId }];
  });
  await writeCommitted(client, newest, round, changes);
  await writeMarks(client, day, round);
  await markGroupsGone(
    client,
    round.goneGroups.flatMap((group) => ids.get(group) ?? []),
    round,
  );
  return { newest, ids };
}

const CLUSTER = 'select id from cluster where workspace_id = $1 and kafka_id = $2';

const TOPICS = `
  select distinct on (topic) id as "incarnationId", topic, topic_id::text as "topicId"
  from incarnation where cluster_id = $1 and gone_at is null order by topic, n desc`;

const FORGET_GROUPS = `
  delete from committed_offset o using consumer_group g
  where g.id = o.group_id and g.cluster_id = $1 and g.gone_at < now() - interval '${FORMER_GROUP}'`;

function forgetFormer(table: string): string {
  return `delete from ${table} o using incarnation i
    where i.id = o.incarnation_id and i.cluster_id = $1 and i.gone_at < now() - interval '${FORMER_LIFE}'`;
}
