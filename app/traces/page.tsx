import type { Metadata } from 'next';
import { newestTraces } from '@/components/traces/newest-traces.ts';
import { readTraceQuery } from '@/components/traces/trace-query.ts';
import { TracesPage } from '@/components/traces/traces-page.tsx';
import { web } from '@/server/runtime/web.ts';
import { attempt } from '../attempt.ts';
import { paramsOf, rangeOf, type SearchParams } from '../search-params.ts';
import { traceFilter } from './trace-filter.ts';

export const metadata: Metadata = { title: 'Traces' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const params = await paramsOf(searchParams);
  const query = readTraceQuery(params);
  const initial = await attempt(() =>
    newestTraces(query, rangeOf(params), (range) => web().reads.traces(traceFilter(query, range))),
  );
  return <TracesPage initial={initial} />;
}
