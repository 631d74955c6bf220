import { fetchApi } from '@/components/live/loaded.ts';
import type { TraceList } from '@/server/model/wire.ts';
import { apiQuery, type TraceQuery } from './trace-query.ts';

/** A list of traces, and whether the time range had to be left out to find any. */
export interface NewestTraces {
  readonly list: TraceList;
  readonly anyTime: boolean;
}

/**
 * Traces of a range; where none started in it and nothing else is asked, the newest of any time instead, marked so: a
 * recording or a first read of old topics has nothing in the last hour.
 * @param read asks for a range, or for any time with null
 */
export async function newestTraces<R>(
  query: TraceQuery,
  range: R,
  read: (range: R | null) => Promise<TraceList>,
): Promise<NewestTraces> {
  const list = await read(query.q === undefined ? range : null);
  if (list.traces.length > 0 || Object.keys(query).length > 0) return { list, anyTime: query.q !== undefined };
  const any = await read(null);
  return any.traces.length > 0 ? { list: any, anyTime: true } : { list, anyTime: false };
}

/** `newestTraces` through the API. */
export function fetchNewest(
  query: TraceQuery,
  range: { readonly fromMs: number; readonly toMs: number },
  options: { readonly signal: AbortSignal; readonly limit?: number; readonly line?: boolean },
): Promise<NewestTraces> {
  return newestTraces(query, range, (within) => {
    const params = new URLSearchParams(apiQuery(query, within));
    if (options.limit !== undefined) params.set('limit', String(options.limit));
    if (options.line === true) params.set('include', 'line');
    return fetchApi<TraceList>(`/api/v1/traces?${params}`, options.signal);
  });
}
