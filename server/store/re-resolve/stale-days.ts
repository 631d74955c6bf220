import type { JobScope } from '../../ports/job-store.ts';
import type { Queryable } from '../transaction.ts';

/** Which events of the store a job reads again. */
export interface Stale {
  readonly scope: JobScope;
  /** The version of the rules in force. */
  readonly resolverVersion: number;
}

/** A stored day with its number of events that other rules have read; day as `YYYY-MM-DD`. */
export interface StaleDay {
  readonly day: string;
  readonly events: number;
}

/** SQL that holds for the rows of `event e` that a job reads again; `$n` is the version of the rules in force. */
export function staleSql(scope: JobScope, version: string): string {
  return scope === 'older rules' ? `e.resolver_version <> ${version}::smallint` : `e.reason = ${REGISTRY_UNREACHABLE}`;
}

/** Code of `registry unreachable` in `model/reason.ts`. */
const REGISTRY_UNREACHABLE = 13;

/** The days with events to read again whose payload is still stored, the newest first: people look there first. */
export async function staleDays(client: Queryable, { scope, resolverVersion }: Stale): Promise<readonly StaleDay[]> {
  const { rows } = await client.query<{ day: string; events: string }>(
    `select stored_day::text as day, count(*) as events from event e
     where ${staleSql(scope, '$1')} and ($1::smallint is not null)
       and stored_day not in (select day from expired_day where kept_as <> 'aggregates')
     group by stored_day order by stored_day desc`,
    [resolverVersion],
  );
  return rows.map(({ day, events }) => ({ day, events: Number(events) }));
}
