'use client';

import { useState } from 'react';
import { fetchApi, LOADING, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
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
  const [more, setMore] = useState<PartitionPage & { readonly path: string; readonly problem: string | null }>();
  const mine = more?.path === path ? more : null;
  const cursor = mine === null ? (data.value?.next_cursor ?? null) : mine.next_cursor;
  const load = () => {
    if (cursor === null) return;
    const before = { path, partitions: mine?.partitions ?? [], next_cursor: cursor, problem: null };
    fetchApi<Coverage>(`${path}&${new URLSearchParams({ cursor })}`).then(
      (page) =>
        setMore({ ...before, partitions: [...before.partitions, ...page.partitions], next_cursor: page.next_cursor }),
      (error: unknown) =>
        setMore({ ...before, problem: error instanceof Error ? error.message : 'More partitions could not be read' }),
    );
  };
  const partitions: readonly PartitionCoverage[] | null =
    data.value === null ? null : [...data.value.partitions, ...(mine?.partitions ?? [])];
  return { data, refresh, partitions, more: cursor === null ? null : load, problem: mine?.problem ?? null };
}
