import type { AsOf } from '../../server/model/as-of.ts';
import type { SearchAnswer, SearchResult } from '../../server/model/search-wire.ts';

const RESULTS: readonly SearchResult[] = [
  ...[0, 1, 2].map((index) => ({
    ...{ kind: 'trace' as const, text: `b1c2e0${index}f-77aa-4c1e-9a77-0b1a5e0f77c2`, note: 'CODEGEN_REQUESTED' },
    href: `/traces/key:${String(index).padStart(32, '0')}`,
  })),
  { kind: 'event_type', text: 'CODEGEN_REQUESTED', note: null, href: '/traces?event_type=CODEGEN_REQUESTED' },
  { kind: 'service', text: 'archon-bridge', note: null, href: '/traces?service=archon-bridge' },
  { kind: 'topic', text: 'codegen-requests', note: null, href: '/topics?topic=codegen-requests' },
  { kind: 'owner', text: 'Bridge team', note: '#bridge-oncall', href: '/' },
];

/** What of the sample holds a text, ids by their begin; nothing of an empty one. */
export function sampleSearch(asOf: AsOf, q: string, empty: boolean): SearchAnswer {
  const low = q.toLowerCase();
  const results = RESULTS.filter(({ kind, text }) =>
    kind === 'trace' ? text.startsWith(low) : text.toLowerCase().includes(low),
  );
  const found = { ...asOf, query: q, more: [], fields: ['order_id'], names_cut: false, results: empty ? [] : results };
  if (found.results.length > 0) return found;
  const searched = { records: '153364', lag: '0', partitions: 42, undecodable: '12', uncorrelated: '40', expired: '0' };
  return { ...found, searched: { ...searched, unreadable_topics: [] } };
}
