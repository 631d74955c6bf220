import { Logger, runMigrations } from 'graphile-worker';
import type { Pool } from 'pg';

/** Brings the job library's own schema to its version. Safe to race; needs no superuser and no extension. */
export async function migrateJobs(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, schema: 'graphile_worker', logger: new Logger(() => () => undefined) });
}
