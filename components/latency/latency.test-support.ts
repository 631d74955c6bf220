import type { LatencyAnswer, LatencyPoint, LatencyRow } from '@/server/model/latency-wire.ts';

const MINUTE_MS = 60_000;
export const FROM = '2026-03-01T11:00:00.000000Z';
export const TO = '2026-03-01T12:00:00.000000Z';

/** A point `minute` minutes after `FROM`. */
export function pointAt(minute: number, p95: number | null, change: Partial<LatencyPoint> = {}): LatencyPoint {
  return {
    at: new Date(Date.parse(FROM) + minute * MINUTE_MS).toISOString(),
    ...{ count: 30, open: false, measured: 30 },
    ...{ p50_ms: p95 === null ? 5 : p95 / 2, p95_ms: p95, p99_ms: null, max_ms: p95 === null ? 9 : p95 * 2 },
    ...change,
  };
}

export function rowWith(change: Partial<LatencyRow> = {}): LatencyRow {
  return {
    ...{ event_type: 'CODE_ASSESSMENT_COMPLETED', cause_type: null, service: 'archon-intelligence' },
    ...{ count: 668, measured: 660, p50_ms: 540, p95_ms: 1100, p99_ms: 1620, max_ms: 3010 },
    ...{ error_bound: 0.0217, inferred_share: 0, objective_ms: 1500, objective: 'met' },
    left_out: { roots: 5, clock_skew: 2, across_gap: 1 },
    series: [],
    exemplars: [],
    ...change,
  };
}

export function answerWith(rows: readonly LatencyRow[], change: Partial<LatencyAnswer> = {}): LatencyAnswer {
  return {
    as_of: TO,
    coverage: { stored_share: 1, holes: 0, lower_bound: false },
    ...{ from: FROM, to: TO, subject: 'hop', group: 'event_type', evidence: 'all', step_s: 60 },
    event_types: rows,
    distribution: null,
    settled_to: TO,
    ...change,
  };
}
