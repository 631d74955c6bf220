import type { Pool } from 'pg';
import type { Owner } from '../../model/ownership.ts';
import { SEARCH_KINDS, type SearchAnswer, type SearchKind, type SearchResult } from '../../model/search-wire.ts';
import type { SearchQuery } from '../../ports/reads.ts';
import { withClient } from '../transaction.ts';
import { eventsNamed, tracesNamed, tracesWith } from './search-ids.ts';
import { namesHolding, ownersHolding } from './search-names.ts';

interface SearchContext {
  readonly workspaceId: number;
  readonly fieldNames: readonly string[];
  readonly owners: readonly Owner[];
}

/** Everything that a text may mean, of each kind a bounded number. Ids are looked up whole or by their begin, names by any part. */
export async function readSearch(
  pool: Pool,
  { q, limit }: SearchQuery,
  { workspaceId, fieldNames, owners }: SearchContext,
): Promise<Omit<SearchAnswer, 'as_of' | 'coverage' | 'searched'>> {
  const looking = { workspaceId, q, most: limit + 1 };
  return withClient(pool, async (client) => {
    const ids = [
      ...(await tracesNamed(client, looking)),
      ...(await eventsNamed(client, looking)),
      ...(await tracesWith(client, looking, fieldNames)),
    ];
    const names = await namesHolding(client, looking);
    const found = byKind([...ids, ...names.results, ...ownersHolding(owners, looking)]);
    return {
      query: q,
      results: SEARCH_KINDS.flatMap((kind) => found.get(kind)?.slice(0, limit) ?? []),
      more: SEARCH_KINDS.filter((kind) => (found.get(kind)?.length ?? 0) > limit),
      fields: fieldNames,
      names_cut: names.cut,
    };
  });
}

function byKind(results: readonly SearchResult[]): ReadonlyMap<SearchKind, SearchResult[]> {
  const kinds = new Map<SearchKind, SearchResult[]>();
  for (const result of results) {
    const list = kinds.get(result.kind);
    if (list === undefined) kinds.set(result.kind, [result]);
    else list.push(result);
  }
  return kinds;
}
