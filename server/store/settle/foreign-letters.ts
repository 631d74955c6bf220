import { type Micros, micros } from '../../model/time.ts';
import { microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

/** Dead letters of a trace's events that have another correlation id themselves. */
export interface ForeignLetters {
  readonly count: number;
  /** When the last of their originals occurred. */
  readonly lastOriginalAt: Micros;
}

/** Those of some traces, by trace key. */
export async function readForeignLetters(
  client: Queryable,
  traceKeys: readonly string[],
): Promise<ReadonlyMap<string, ForeignLetters>> {
  if (traceKeys.length === 0) return new Map();
  const { rows } = await client.query<{ trace_key: string; n: number; last_us: string }>({
    name: 'foreign-letters',
    text: SELECT,
    values: [traceKeys],
  });
  return new Map(
    rows.map((row) => [row.trace_key, { count: row.n, lastOriginalAt: micros(Number(row.last_us)) }] as const),
  );
}

const SELECT = `
  select trace_key::text, count(*)::int as n, ${microsSql('max(occurred_at)')} as last_us
  from foreign_letter where trace_key = any($1::uuid[]) group by trace_key`;
