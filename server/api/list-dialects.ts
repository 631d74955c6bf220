import { FIELD_NAMES } from '../model/dialect.ts';
import type { DialectCount, DialectList, DialectWire } from '../model/dialect-wire.ts';
import type { ResolvedField } from '../model/event.ts';
import { microsToRfc3339 } from '../model/time.ts';
import type { DialectInForce } from '../ports/explain.ts';
import type { DialectCounts } from '../ports/reads.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { rangeQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

/** `GET /dialects`: the dialects in the order they are tried, and how many events each read. */
export const listDialects: Handler = async (request, { reads, dialects, jobs, clock }) => {
  const parsed = parseQuery(request, rangeQuery);
  if (!parsed.ok) return parsed.refusal;
  const range = wholeRange(parsed.query, clock.now());
  if (!range.ok) return range.refusal;
  const { from, to } = range.instants;
  const [counts, asOf, job] = await Promise.all([
    reads.dialects({ from, to }),
    reads.asOf(),
    jobs.newest('re-resolve'),
  ]);
  const list: DialectList = {
    ...asOf,
    range: { from: microsToRfc3339(from), to: microsToRfc3339(to) },
    ...sortOut(dialects, counts),
    rules: counts.rules,
    job,
  };
  return json(list);
};

const NONE: DialectCount = { in_range: '0', stored: '0', last_at: null };
/** The name under which events are counted that no dialect matched. */
const UNMATCHED = 'none';

function sortOut(
  dialects: readonly DialectInForce[],
  { counts }: DialectCounts,
): Pick<DialectList, 'dialects' | 'unmatched' | 'retired'> {
  const inForce = new Set(dialects.map(({ spec }) => spec.name));
  return {
    dialects: dialects.map((dialect) => toWire(dialect, counts.get(dialect.spec.name) ?? NONE)),
    unmatched: counts.get(UNMATCHED) ?? NONE,
    retired: [...counts]
      .filter(([name]) => name !== UNMATCHED && !inForce.has(name))
      .map(([name, count]) => ({ name, count })),
  };
}

const FIELDS = Object.entries(FIELD_NAMES) as [ResolvedField, (typeof FIELD_NAMES)[ResolvedField]][];

function toWire({ spec, from, line }: DialectInForce, count: DialectCount): DialectWire {
  const { name, title, when } = spec;
  const rules = FIELDS.flatMap(([key, field]) => {
    const found = spec.rules[key] ?? [];
    return found.length === 0 ? [] : [{ field, rules: found }];
  });
  return { name, title, from, line, when, rules, count };
}
