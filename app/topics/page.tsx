import type { Metadata } from 'next';
import { LOADING } from '@/components/live/loaded.ts';
import { PARTITIONS_PAGE } from '@/components/topics/partition-page.ts';
import { TopicsPage } from '@/components/topics/topics-page.tsx';
import { web } from '@/server/runtime/web.ts';
import { attempt } from '../attempt.ts';
import { paramsOf, type SearchParams } from '../search-params.ts';

export const metadata: Metadata = { title: 'Topics' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const params = await paramsOf(searchParams);
  const topic = params.get('topic');
  const filter = { withHoles: false, limit: PARTITIONS_PAGE, ...(topic !== null && { topic }) };
  const wanted = (params.get('tab') ?? 'partitions') === 'partitions';
  return <TopicsPage initial={wanted ? await attempt(() => web().reads.partitions(filter)) : LOADING} />;
}
