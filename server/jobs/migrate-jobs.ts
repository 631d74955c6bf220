import { Logger, runMigrations } from 'graphile-worker';

/** Brings the job library's own schema to its version. Safe to race; needs no superuser and no extension. */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  await runMigrations({
    connectionString: databaseUrl,
    maxPoolSize: 1,
    schema: 'graphile_worker',
    logger: new Logger(() => () => undefined),
  });
}
