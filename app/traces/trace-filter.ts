import { PAGE_ROWS, type TraceQuery } from '@/components/traces/trace-query.ts';
import type { Micros } from '@/server/model/time.ts';

const STATUSES = ['running', 'done', 'stalled', 'failed', 'unknown'] as const;
const SINGLES = ['fold', 'only', 'all'] as const;

/** The page's filters as the store reads them; values it does not know are left out. */
export function traceFilter(query: TraceQuery, range: { readonly from: Micros; readonly to: Micros } | null) {
  const status = STATUSES.find((one) => one === query.status);
  const longer = Number(query.min_duration_ms);
  return {
    ...(query.q === undefined ? {} : { q: query.q }),
    ...(query.event_type === undefined ? {} : { eventType: query.event_type }),
    ...(query.service === undefined ? {} : { service: query.service }),
    ...(query.topic === undefined ? {} : { topic: query.topic }),
    ...(status === undefined ? {} : { status }),
    ...(longer > 0 && Number.isFinite(longer) ? { minDurationMs: longer } : {}),
    ...range,
    singles: SINGLES.find((one) => one === query.singles) ?? 'fold',
    includeLine: false,
    limit: PAGE_ROWS,
  };
}
