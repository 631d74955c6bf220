'use client';

import { useSearchParams } from 'next/navigation';
import { resolveRange, type TimeRange } from '@/components/ui/time-range.ts';
import { useNow } from './live-provider.tsx';
import { fetchApi, LOADING, type Loaded } from './loaded.ts';
import { useLiveData } from './use-live-data.ts';

/**
 * Data of the range that the address names, kept up to date. `pathOf` is the API's path for a range; `asked` names what it
 * asks besides, where that may change.
 */
export function useRangeData<T>(
  pathOf: (range: TimeRange) => string,
  {
    everyMs,
    initial = LOADING,
    asked = '',
  }: { readonly everyMs: number; readonly initial?: Loaded<T>; readonly asked?: string },
) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const { data, refresh } = useLiveData<T>({
    query: JSON.stringify([from, to, asked]),
    initial,
    load: (signal) => fetchApi<T>(pathOf(resolveRange(from, to, nowMs)), signal),
    everyMs,
  });
  return {
    ...{ data, refresh, params },
    range: resolveRange(from, to, nowMs),
    /** The range as the address writes it, for links; '' where it says nothing. */
    rangeQuery: from === null ? '' : String(new URLSearchParams({ from, to: to ?? 'now' })),
  };
}
