'use client';

import { fetchApi, LOADING, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { useOlder } from '@/components/ui/use-older.ts';
import type { Coverage, PartitionCoverage } from '@/server/model/wire.ts';
import { PARTITIONS_PAGE, type PartitionPage } from './partition-page.ts';

/** The first page of partitions, kept up to date, and the ones after it as far as they were asked for. */
export function usePartitions(
  { topic, withHoles }: { readonly topic: string | null; readonly withHoles: boolean },
  initial: Loaded<PartitionPage> = LOADING,
) {
  const path = `/api/v1/coverage?${new URLSearchParams({
    limit: String(PARTITIONS_PAGE),
    ...(topic === null ? {} : { topic }),
    ...(withHoles ? { has: 'holes' } : {}),
  })}`;
  const { data, refresh } = useLiveData<PartitionPage>({
    query: path,
    initial,
    load: (signal) => fetchApi<Coverage>(path, signal),
    everyMs: 5000,
    pollMs: 15_000,
  });
  const { rows, ...more } = useOlder<PartitionCoverage>(path, data.value?.next_cursor ?? null, async (cursor) => {
    const page = await fetchApi<Coverage>(`${path}&${new URLSearchParams({ cursor })}`);
    return { rows: page.partitions, next_cursor: page.next_cursor };
  });
  const partitions = data.value === null ? null : [...data.value.partitions, ...rows];
  return { data, refresh, partitions, more };
}
