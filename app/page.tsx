import type { Metadata } from 'next';
import { Overview } from '@/components/overview/overview.tsx';
import { newestTraces } from '@/components/traces/newest-traces.ts';
import { web } from '@/server/runtime/web.ts';
import { attempt } from './attempt.ts';
import { paramsOf, rangeOf, type SearchParams } from './search-params.ts';

export const metadata: Metadata = { title: 'Overview' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const range = rangeOf(await paramsOf(searchParams));
  const { reads } = web();
  const [traces, activity, stalls] = await Promise.all([
    attempt(() =>
      newestTraces({}, range, (within) => reads.traces({ ...within, singles: 'fold', includeLine: true, limit: 6 })),
    ),
    attempt(() => reads.activity(range)),
    attempt(() => reads.stalls({ limit: 1 })),
  ]);
  return <Overview traces={traces} activity={activity} stalls={stalls} />;
}
