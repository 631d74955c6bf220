'use client';

import { useSearchParams } from 'next/navigation';
import { createContext, type ReactNode, useContext } from 'react';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, LOADING, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { DEFAULT_FROM, resolveRange } from '@/components/ui/time-range.ts';
import type { CoverageSummary } from '@/server/model/wire.ts';

interface CoverageData {
  readonly data: Loaded<CoverageSummary>;
  readonly refresh: () => void;
}

const CoverageContext = createContext<CoverageData>({ data: LOADING, refresh: () => undefined });

/** Coverage of the selected range, fetched once for all that show it. */
export function CoverageProvider({ initial, children }: { initial: Loaded<CoverageSummary>; children: ReactNode }) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const query = `${from ?? DEFAULT_FROM}|${to ?? 'now'}`;
  const isDefault = query === `${DEFAULT_FROM}|now`;
  const load = (signal: AbortSignal) => {
    const range = resolveRange(from, to, nowMs);
    const text = new URLSearchParams({
      from: new Date(range.fromMs).toISOString(),
      to: new Date(range.toMs).toISOString(),
      limit: '0',
    });
    return fetchApi<CoverageSummary>(`/api/v1/coverage?${text}`, signal);
  };
  const { data, refresh } = useLiveData({
    query,
    initial: isDefault ? initial : LOADING,
    load,
    everyMs: 5000,
    pollMs: 15_000,
  });
  return <CoverageContext value={{ data, refresh }}>{children}</CoverageContext>;
}

export function useCoverage(): CoverageData {
  return useContext(CoverageContext);
}
