import { hash } from 'node:crypto';
import type { Pool } from 'pg';

/** Rules in force together: what they are known by, and the names of their dialects in order. */
export interface RulesToRegister {
  /** Everything the rules say, in one form: other rules have another text. */
  readonly digest: string;
  readonly dialects: readonly string[];
}

/**
 * The small number under which events say that they were read by these rules; the same rules always get the same one.
 * Throws when a workspace has used up its 32,767 sets of rules.
 */
export async function registerRules(
  pool: Pick<Pool, 'query'>,
  workspaceId: number,
  { digest, dialects }: RulesToRegister,
): Promise<number> {
  const values = [workspaceId, hash('sha256', digest, 'buffer')];
  await pool.query(INSERT, [...values, JSON.stringify(dialects)]);
  const { rows } = await pool.query<{ id: number }>(PUT_IN_FORCE, values);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('rules were not registered');
  return id;
}

// A conflict would use up a number each time a tap starts.
const INSERT = `
  insert into rule_set (workspace_id, digest, dialects)
  select $1, $2, $3 where not exists (select from rule_set where workspace_id = $1 and digest = $2)
  on conflict (workspace_id, digest) do nothing`;

const PUT_IN_FORCE = `
  update rule_set set in_force_at = now() where workspace_id = $1 and digest = $2 returning id`;
