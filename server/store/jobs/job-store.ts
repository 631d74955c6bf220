import type { Pool } from 'pg';
import type { JobKind, JobWire, TaskName } from '../../model/job-wire.ts';
import { JOB_QUEUE, JOB_SCOPES, type JobScope, type JobStore } from '../../ports/job-store.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { JOB_COLUMNS, type JobRow, KIND, toJobWire } from './job-wire.ts';

/** Jobs on PostgreSQL. The job library's schema must stand: `migrateJobs` makes it. */
export function createJobStore({ pool, workspaceId }: { readonly pool: Pool; readonly workspaceId: number }): JobStore {
  const newest = async (limit: number, kind: JobKind | null): Promise<JobWire[]> => {
    const { rows } = await pool.query<JobRow>(NEWEST, [workspaceId, limit, kind]);
    return rows.map(toJobWire);
  };
  return {
    request: (scope) => inTransaction(pool, (client) => request(client, workspaceId, scope)),
    list: () => newest(100, null),
    newest: async (kind) => (await newest(1, kind))[0] ?? null,
    async cancel(id) {
      const { rows } = await pool.query<JobRow>(CANCEL, [workspaceId, id]);
      return rows[0] === undefined ? null : toJobWire(rows[0]);
    },
  };
}

const NEWEST = `
  select ${JOB_COLUMNS} from job where workspace_id = $1 and ($3::text is null or ${KIND} = $3)
  order by requested_at desc, id limit $2`;

async function request(client: Queryable, workspaceId: number, scope: JobScope) {
  const kind = JOB_SCOPES[scope];
  const { rows } = await client.query<JobRow>(INSERT, [workspaceId, kind, scope]);
  const [made] = rows;
  if (made === undefined) return { kind: 'busy' as const, job: await atWork(client, workspaceId, kind) };
  await client.query(ENQUEUE, [kind, JSON.stringify({ job: made.id }), `job ${made.id}`, JOB_QUEUE]);
  return { kind: 'queued' as const, job: toJobWire(made) };
}

const INSERT = `
  insert into job (workspace_id, kind, scope) values ($1, $2, $3)
  on conflict (workspace_id, kind) where state in ('queued', 'running') do nothing
  returning ${JOB_COLUMNS}`;

// Tried again for days: what fails is the database, never a record, and the job goes on where it stood.
const ENQUEUE = `
  select graphile_worker.add_job($1, payload => $2::json, queue_name => $4, max_attempts => 100, job_key => $3)`;

/** The one that stood in the way; it may have ended in this very moment, then the newest is told. */
async function atWork(client: Queryable, workspaceId: number, kind: TaskName): Promise<JobWire> {
  const { rows } = await client.query<JobRow>(
    `select ${JOB_COLUMNS} from job where workspace_id = $1 and kind = $2
     order by state in ('queued', 'running') desc, requested_at desc limit 1`,
    [workspaceId, kind],
  );
  if (rows[0] === undefined) throw new Error('a job stood in the way and is not there');
  return toJobWire(rows[0]);
}

// What has ended stays as it ended.
const CANCEL = `
  with cancelled as (
    update job set state = 'cancelled', finished_at = clock_timestamp(), message = null
    where workspace_id = $1 and id = $2::uuid and state in ('queued', 'running') returning *
  )
  select ${JOB_COLUMNS} from cancelled
  union all
  select ${JOB_COLUMNS} from job where workspace_id = $1 and id = $2::uuid and not exists (select from cancelled)`;
