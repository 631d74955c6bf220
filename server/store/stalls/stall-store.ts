import type { Pool } from 'pg';
import type { StallStore } from '../../ports/stall-store.ts';
import { LOCKS } from '../locks.ts';
import { transactionOn } from '../transaction.ts';
import { createLeadership } from '../watch/leader-lock.ts';
import { nameDigest } from '../write/name-ids.ts';
import { checkEpisodes } from './check-episodes.ts';
import { readLearned, writeLearned } from './learned.ts';
import { readSample } from './read-sample.ts';

/** The connection that holds the lock is lost: another process may lead. */
class NotStallLeaderError extends Error {
  readonly code = 'not_stall_leader';
}

/** The store of stalled traces: everything goes through the connection that holds the lock of the workspace. */
export function createStallStore({
  pool,
  workspaceId,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
}): StallStore {
  const { lead, leading, release } = createLeadership(
    pool,
    LOCKS.stalls,
    () => new NotStallLeaderError('the connection that holds the lock of stalled traces is lost'),
  );

  return {
    lead: () => lead(workspaceId),
    learned: () => readLearned(leading(), workspaceId),
    sample: (limit) => readSample(leading(), workspaceId, limit),
    remember: (learned) => transactionOn(leading(), (client) => writeLearned(client, workspaceId, learned)),
    async typeIds(names) {
      const digests = new Map(names.map((name) => [nameDigest(name).toString('hex'), name]));
      const { rows } = await leading().query<{ id: number; digest: string }>(TYPE_IDS, [
        workspaceId,
        names.map(nameDigest),
      ]);
      return new Map(
        rows.flatMap(({ id, digest }) => {
          const name = digests.get(digest);
          return name === undefined ? [] : [[name, id] as const];
        }),
      );
    },
    check: (limit, judge) => transactionOn(leading(), (client) => checkEpisodes(client, workspaceId, limit, judge)),
    async recheckAll() {
      await leading().query(RECHECK, [workspaceId]);
    },
    async tidy() {
      for (const statement of TIDY) await leading().query(statement, [workspaceId]);
    },
    release,
  };
}

const TYPE_IDS = `
  select id, encode(digest, 'hex') as digest from name
  where workspace_id = $1 and kind = 'event type' and digest = any($2::bytea[])`;

const RECHECK = `
  insert into episode_check (trace_key, workspace_id, check_at) select trace_key, workspace_id, now() from stall
  where workspace_id = $1 order by trace_key on conflict (trace_key) do nothing`;

const TIDY = [
  'delete from stall s where workspace_id = $1 and not exists (select from trace t where t.trace_key = s.trace_key)',
  `delete from stalled_once o where workspace_id = $1 and at < now() - interval '1 day'
    and not exists (select from stall s where s.trace_key = o.trace_key)`,
];
