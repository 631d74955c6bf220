'use client';

import Link from 'next/link';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { Instant } from '@/components/ui/instant.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { EventList } from '@/server/model/wire.ts';

const WAITING = { reason: 'registry unreachable', clock: 'stored' } as const;

/** Said while stored records wait for a schema registry: nobody broke a schema that could not be asked for. */
export function RegistryBanner() {
  const { data } = useLiveData<EventList>({
    query: 'registry',
    initial: LOADING,
    load: (signal) => fetchApi<EventList>(`/api/v1/events?${new URLSearchParams({ ...WAITING, limit: '1' })}`, signal),
    everyMs: 15_000,
  });
  const newest = data.value?.events[0];
  if (newest === undefined) return null;
  return (
    <div className="note-bar bad" role="status">
      <StateMark kind="stalled" />
      <span>
        A schema registry could not be asked, last for a record stored at <Instant at={newest.stored_at} />. What waits
        for it is no violation, and is read again when it answers.{' '}
        <Link className="u" href={`/topics?${new URLSearchParams({ tab: 'undecodable', reason: WAITING.reason })}`}>
          Records that wait
        </Link>
      </span>
    </div>
  );
}
