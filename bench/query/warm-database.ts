import type pg from 'pg';
import { onDatabase } from '../../e2e/support/private-postgres.ts';

/** What answers are read from; the last ones stay when not all fit. */
const TABLES = [
  'name',
  'incarnation',
  'series',
  'hop_by_%',
  'term_%',
  'event_%',
  'hop_%',
  'trace',
  'segment_%',
] as const;

/**
 * Reads tables, their indexes and long values into PostgreSQL's memory, as they are in a database that has been asked for a
 * while: the requests that are measured are too few to do it. Answers how much that is, or why it was not done: it takes the
 * extension `pg_prewarm`, which a superuser makes (`ownerUrl`; null where it is there, or nobody can).
 */
export async function warmDatabase(pool: pg.Pool, ownerUrl: string | null): Promise<string> {
  try {
    if (ownerUrl !== null) await onDatabase(ownerUrl, (owner) => owner.query('create extension pg_prewarm'));
    let pages = 0;
    for (const pattern of TABLES) {
      const { rows } = await pool.query<{ pages: string | null }>(
        `with heap as (select c.oid, c.reltoastrelid from pg_class c where c.relkind = 'r' and c.relname like $1
             and c.relnamespace = 'public'::regnamespace),
           whole as (select oid from heap union select reltoastrelid from heap where reltoastrelid <> 0)
         select sum(pg_prewarm(each.oid)) as pages
         from (select indexrelid as oid from pg_index where indrelid in (select oid from whole)
           union select oid from whole) each`,
        [pattern],
      );
      pages += Number(rows[0]?.pages ?? 0);
    }
    return `${Math.round((pages * 8192) / 1e6)} MB of tables read into its memory, as far as they fit`;
  } catch (error) {
    return `not read into memory before (${error instanceof Error ? error.message : String(error)})`;
  }
}
