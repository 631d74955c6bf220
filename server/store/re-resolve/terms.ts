import { TERM_KINDS } from '../../model/event.ts';
import { termValue } from '../term-value.ts';
import type { Queryable } from '../transaction.ts';
import type { Replacement } from './plan-chunk.ts';

/** Adds what the traces of changed events are found by now, where it is not there yet. */
export async function addTerms(client: Queryable, day: string, replacements: readonly Replacement[]): Promise<void> {
  const terms = replacements.flatMap(({ event }) =>
    event.terms.map(({ kind, value }) => ({
      kind: TERM_KINDS[kind],
      value: termValue(value),
      trace_key: event.traceKey,
    })),
  );
  if (terms.length > 0) await client.query(ADD, [day, JSON.stringify(terms)]);
}

const ADD = `
  insert into term (stored_day, kind, value, trace_key)
  select distinct $1::date, w.kind, w.value, w.trace_key
  from json_to_recordset($2::json) as w(kind smallint, value text, trace_key uuid)
  where not exists (select from term t where t.stored_day = $1::date and t.kind = w.kind and t.value = w.value
    and t.trace_key = w.trace_key)`;

/**
 * Removes the terms of traces that have no event left in a day. A term of a trace that lost some of its events stays: by
 * which of them it was there is not stored.
 */
export async function dropLostTerms(client: Queryable, day: string): Promise<void> {
  await client.query(
    `delete from term t where stored_day = $1::date and not exists (
       select from event e where e.stored_day = $1::date and e.trace_key = t.trace_key)`,
    [day],
  );
}
