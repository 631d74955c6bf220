import type pg from 'pg';

/** Takes the locks of all shards, as another settler would: marks pile up until they are let go. */
export async function holdSettle(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock(7202, key) from generate_series(4, 7) as key');
}
