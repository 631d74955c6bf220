import type { Pool } from 'pg';
import { foldId } from '../../model/trace-key.ts';
import { idPrefix } from '../storable-text.ts';

const NEAREST = 10;
/** Ids that share less than this are not near. */
const SHARED_LEAST = 4;

/** The ids that share the longest beginning with `id`: in text order they lie right beside it. */
export async function readNearestIds(pool: Pool, workspaceId: number, id: string): Promise<readonly string[]> {
  const wanted = idPrefix(foldId(id));
  const { rows } = await pool.query<{ id_text: string; id_prefix: string }>(
    `(select id_text, id_prefix from trace where workspace_id = $1 and id_prefix ~>=~ $2
      order by id_prefix using ~<~ limit ${NEAREST})
     union all
     (select id_text, id_prefix from trace where workspace_id = $1 and id_prefix ~<~ $2
      order by id_prefix using ~>~ limit ${NEAREST})`,
    [workspaceId, wanted],
  );
  const least = Math.min(SHARED_LEAST, wanted.length);
  return rows
    .map((row) => ({ id: row.id_text, shared: sharedLength(row.id_prefix, wanted) }))
    .filter(({ shared }) => shared >= least && shared > 0)
    .sort((a, b) => b.shared - a.shared)
    .slice(0, NEAREST)
    .map((row) => row.id);
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
