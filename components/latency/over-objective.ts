import type { LatencyRow } from '@/server/model/latency-wire.ts';

/** Above this a p95 of a row is over its objective, its error bound taken off; nothing is where none is declared. */
export function overObjectiveMs({ objective_ms, error_bound }: LatencyRow): number {
  return objective_ms === null ? Number.POSITIVE_INFINITY : objective_ms / (1 - (error_bound ?? 0));
}
