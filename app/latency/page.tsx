import type { Metadata } from 'next';
import { LatencyPage } from '@/components/latency/latency-page.tsx';
import { readLatencyView } from '@/components/latency/latency-query.ts';
import { web } from '@/server/runtime/web.ts';
import { attempt } from '../attempt.ts';
import { paramsOf, rangeOf, type SearchParams } from '../search-params.ts';
import './latency.css';

export const metadata: Metadata = { title: 'Latency' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const params = await paramsOf(searchParams);
  const query = { ...readLatencyView(params), ...rangeOf(params) };
  return <LatencyPage initial={await attempt(() => web().reads.latency(query))} />;
}
