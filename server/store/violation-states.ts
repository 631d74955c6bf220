import type { Pool } from 'pg';
import type { StateChange, ViolationStates } from '../ports/violations.ts';
import { microsToSql, timeSql } from './sql-time.ts';
import { storableText } from './storable-text.ts';

/** Longest note, in UTF-16 units. */
const LONGEST_NOTE = 2_000;

/** What operators say of groups of the violation log, on PostgreSQL. A group that is muted keeps what was said before. */
export function createViolationStates({
  pool,
  workspaceId,
}: {
  readonly pool: Pick<Pool, 'query'>;
  readonly workspaceId: number;
}): ViolationStates {
  return {
    async set({ group, state, until, note }: StateChange) {
      const text = note === undefined ? null : storableText(note, LONGEST_NOTE);
      const { rowCount } =
        state === 'muted'
          ? await pool.query(MUTE, [group, workspaceId, text, until === undefined ? null : microsToSql(until)])
          : await pool.query(SAY, [group, workspaceId, text, state]);
      return rowCount === 1;
    },
  };
}

const MUTE = `
  insert into violation_state (group_key, workspace_id, state, since, muted_since, muted_until, note)
  select key, $2::smallint, 'new', now(), now(), coalesce(${timeSql('$4')}, 'infinity'), $3 from violation_group
  where key = $1::uuid and workspace_id = $2::smallint
  on conflict (group_key) do update set muted_since = excluded.muted_since, muted_until = excluded.muted_until,
    note = coalesce(excluded.note, violation_state.note)`;

const SAY = `
  insert into violation_state (group_key, workspace_id, state, since, note)
  select key, $2::smallint, $4, now(), $3 from violation_group where key = $1::uuid and workspace_id = $2::smallint
  on conflict (group_key) do update set state = excluded.state, since = excluded.since, muted_since = null,
    muted_until = null, note = coalesce(excluded.note, violation_state.note)`;
