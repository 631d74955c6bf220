import { EVENT_FLAGS } from '../../model/event.ts';
import { VIOLATING_CODES } from '../../model/schema-check.ts';
import { ROW_BITS } from '../codes.ts';
import type { Queryable } from '../transaction.ts';

/**
 * Makes the rows of traces fit what is left after every event up to `day` is dropped: a trace that ended by then goes with
 * its copies, one that goes on counts what it loses. Dead letters of other traces leave its count when they are dropped. Call it before the drop, while the events can still be counted.
 */
export async function forgetTraces(client: Queryable, day: string, traceKeys: readonly string[]): Promise<void> {
  for (const statement of [FORGET, SHORTEN]) await client.query(statement, [day, traceKeys]);
}

const FORGET = `
  with ended as materialized (
    select trace_key from trace
    where trace_key = any($2::uuid[]) and first_day <= $1::date and last_day <= $1::date for update
  ), copies as (
    delete from duplicate where trace_key in (select trace_key from ended)
  ), traces as (
    delete from trace where trace_key in (select trace_key from ended)
  )
  select`;

const SHORTEN = `
  with going_on as materialized (
    select trace_key, first_day from trace
    where trace_key = any($2::uuid[]) and first_day <= $1::date and last_day > $1::date for update
  ), lost as materialized (
    select e.trace_key, e.incarnation_id, e.partition, e."offset", e.flags, exists (
      select from duplicate d where d.trace_key = e.trace_key and not d.conflict
        and d.incarnation_id = e.incarnation_id and d.partition = e.partition and d."offset" = e."offset") as copy
    from going_on g join event e on e.trace_key = g.trace_key and e.stored_day between g.first_day and $1::date
  ), copies as (
    delete from duplicate d using lost l where d.trace_key = l.trace_key
      and d.incarnation_id = l.incarnation_id and d.partition = l.partition and d."offset" = l."offset"
  ), sums as (
    select g.trace_key, count(l.trace_key)::int as events, (count(*) filter (where l.copy))::int as copies,
      (count(*) filter (where not l.copy and l.flags / ${ROW_BITS.schemaStatus} & 3 in (${VIOLATING_CODES.join(', ')})))::int
        as violations,
      (count(*) filter (where not l.copy and l.flags & ${EVENT_FLAGS.dead_letter} <> 0))::int as dead_letters
    from going_on g left join lost l using (trace_key) group by g.trace_key
  ), shortened as (
    update trace t set first_day = $1::date + 1, expired_count = t.expired_count + s.events,
      event_count = greatest(t.event_count - (s.events - s.copies), 0),
      duplicate_count = greatest(t.duplicate_count - s.copies, 0),
      violation_count = greatest(t.violation_count - s.violations, 0),
      dead_letter_count = greatest(t.dead_letter_count - s.dead_letters, 0)
    from sums s where t.trace_key = s.trace_key
  )
  select`;
