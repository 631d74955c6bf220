import type { Micros } from '../../model/time.ts';
import { prepared } from '../prepared.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

/**
 * When events were first held against some schemas, by their ids: only of those that came after another version of the
 * same name.
 */
export async function readSchemaSince(client: Queryable, ids: readonly number[]): Promise<ReadonlyMap<number, Micros>> {
  const wanted = [...new Set(ids)].filter((id) => id !== 0);
  if (wanted.length === 0) return new Map();
  const { rows } = await client.query<{ id: number; since_us: string }>({ ...SINCE, values: [wanted] });
  return new Map(rows.map(({ id, since_us }) => [id, microsFromSql(since_us)]));
}

const SINCE = prepared(`
  select s.id, ${microsSql('s.first_used_at')} as since_us from schema s
  where s.id = any($1::int[]) and exists (select from schema o
    where o.workspace_id = s.workspace_id and o.name = s.name and o.first_used_at < s.first_used_at)`);
