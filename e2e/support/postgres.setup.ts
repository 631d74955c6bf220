import type { TestProject } from 'vitest/node';
import { startPrivatePostgres } from './private-postgres.ts';

/** One PostgreSQL for the whole run. At the end every database made by a test must have been dropped. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPrivatePostgres();
  project.provide('postgresUrl', postgres.url);
  return async () => {
    const leftovers = await postgres.leftovers();
    await postgres.stop();
    if (leftovers.length > 0) throw new Error(`tests did not drop their databases: ${leftovers.join(', ')}`);
  };
}
