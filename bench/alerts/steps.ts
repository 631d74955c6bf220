import type pg from 'pg';

/** What happened between the last record of a queue and the request, epoch ms. */
export interface Steps {
  /** The tap knew the topic. */
  readonly knownAt: number;
  /** The rule was found to fire. */
  readonly firedAt: number;
  /** The notification was written. */
  readonly writtenAt: number;
}

/** When the steps of a queue that fired were taken, by what the product has written down. */
export async function readSteps(pool: pg.Pool, queue: string): Promise<Steps> {
  const { rows } = await pool.query<Steps>(STEPS, [queue]);
  const [row] = rows;
  if (row === undefined) throw new Error(`${queue} was told and has no history`);
  return row;
}

const STEPS = `
  select extract(epoch from i.first_seen_at)::float8 * 1000 as "knownAt",
    extract(epoch from t.at)::float8 * 1000 as "firedAt",
    extract(epoch from d.created_at)::float8 * 1000 as "writtenAt"
  from incarnation i
  join alert_transition t on t.labels->>'queue' = i.topic and t.to_state = 'firing'
  join delivery d on d.fingerprints @> array[t.fingerprint] and d.status = 'firing'
  where i.topic = $1`;
