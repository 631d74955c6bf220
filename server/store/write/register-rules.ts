import { hash } from 'node:crypto';
import type { Pool } from 'pg';

/** Rules in force together: what they are known by, and the names of their dialects in order. */
export interface RulesToRegister {
  /** Everything that says how events are read, in one form: other rules have another text. */
  readonly digest: string;
  /** The same of the schemas that events are held against. */
  readonly schemas: string;
  readonly dialects: readonly string[];
}

/**
 * The small number under which events say that they were read by these rules and held against these schemas; the same
 * ones always get the same one. Throws when a workspace has used up its 32,767 sets of rules.
 */
export async function registerRules(
  pool: Pick<Pool, 'query'>,
  workspaceId: number,
  { digest, schemas, dialects }: RulesToRegister,
): Promise<number> {
  const parts = [digestOf(digest), digestOf(schemas)] as const;
  const values = [workspaceId, digestOf(Buffer.concat(parts))];
  await pool.query(INSERT, [...values, JSON.stringify(dialects), ...parts]);
  const { rows } = await pool.query<{ id: number }>(PUT_IN_FORCE, values);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('rules were not registered');
  return id;
}

function digestOf(text: string | Buffer): Buffer {
  return hash('sha256', text, 'buffer');
}

// A conflict would use up a number each time a tap starts.
const INSERT = `
  insert into rule_set (workspace_id, digest, dialects, reading_digest, schema_digest)
  select $1, $2, $3, $4, $5 where not exists (select from rule_set where workspace_id = $1 and digest = $2)
  on conflict (workspace_id, digest) do nothing`;

const PUT_IN_FORCE = `
  update rule_set set in_force_at = now() where workspace_id = $1 and digest = $2 returning id`;
