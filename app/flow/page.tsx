import type { Metadata } from 'next';
import { FlowPage } from '@/components/flow/flow-page.tsx';
import { web } from '@/server/runtime/web.ts';
import { attempt } from '../attempt.ts';
import { paramsOf, rangeOf, type SearchParams } from '../search-params.ts';
import './flow.css';

export const metadata: Metadata = { title: 'Flow map' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const range = rangeOf(await paramsOf(searchParams));
  return <FlowPage initial={await attempt(() => web().reads.flow(range))} />;
}
