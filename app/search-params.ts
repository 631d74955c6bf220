import { resolveRange } from '@/components/ui/time-range.ts';
import { millis, millisToMicros } from '@/server/model/time.ts';

/** What Next hands a page of its URL. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** The query as URLSearchParams; of a repeated name the first value counts. */
export async function paramsOf(searchParams: SearchParams): Promise<URLSearchParams> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) params.set(name, first);
  }
  return params;
}

/** The selected time range of a URL, for the store's reads. */
export function rangeOf(params: URLSearchParams) {
  const range = resolveRange(params.get('from'), params.get('to'), Date.now());
  return { from: millisToMicros(millis(range.fromMs)), to: millisToMicros(millis(range.toMs)) };
}
