'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { fetchApi, LOADING, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import type { ConsumerGroup, ConsumerGroupList } from '@/server/model/consumer-group-wire.ts';

interface GroupsData {
  readonly data: Loaded<ConsumerGroupList>;
  readonly refresh: () => void;
}

/** Groups of one answer, and answers that are fetched: a cluster with more has its first thousand here. */
const PAGE = 200;
const PAGES = 5;

const GroupsContext = createContext<GroupsData>({ data: LOADING, refresh: () => undefined });

/** The consumer groups of the cluster, fetched once for all that show them. */
export function GroupsProvider({ children }: { children: ReactNode }) {
  const { data, refresh } = useLiveData<ConsumerGroupList>({
    query: 'consumer-groups',
    initial: LOADING,
    load: fetchGroups,
    everyMs: 5000,
    pollMs: 5000,
  });
  return <GroupsContext value={{ data, refresh }}>{children}</GroupsContext>;
}

export function useGroups(): GroupsData {
  return useContext(GroupsContext);
}

async function fetchGroups(signal: AbortSignal): Promise<ConsumerGroupList> {
  const groups: ConsumerGroup[] = [];
  let cursor: string | null = null;
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor !== null && { cursor }) });
    const list: ConsumerGroupList = await fetchApi<ConsumerGroupList>(`/api/v1/consumer-groups?${query}`, signal);
    groups.push(...list.groups);
    cursor = list.next_cursor;
    if (cursor === null || page === PAGES) return { ...list, groups };
  }
}
