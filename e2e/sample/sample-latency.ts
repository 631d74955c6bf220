import type {
  DistributionBucket,
  Exemplar,
  LatencyAnswer,
  LatencyPoint,
  LatencyRow,
} from '../../server/model/latency-wire.ts';
import type { LatencyQuery } from '../../server/ports/reads.ts';
import { drawn } from './random.ts';

type Kind = readonly [
  type: string,
  service: string,
  cause: string,
  perMin: number,
  p50: number,
  p95: number,
  p99: number,
  max: number,
  objective: number,
];

const HOSTILE = '<img src=x onerror=alert(1)>';

const KINDS: readonly Kind[] = [
  ['agent.routing.completed', 'agent-router', 'agent.routing.requested', 96, 184, 412, 690, 2910, 100],
  ['CodegenValidateResponse', 'archon-intelligence', 'codegen.validate.request', 8.1, 310, 640, 910, 1800, 500],
  ['agent-actions/tool_call', 'omniclaude', 'agent.execution.started', 687, 220, 1900, 8400, 62_000, 5000],
  ['agent.execution.started', 'omniclaude', 'agent.routing.completed', 96, 12, 38, 61, 240, 100],
  ['step-completed', 'omninode-bridge', 'workflow-started', 33.4, 95, 512, 740, 1400, 1000],
  ['METADATA_STAMP_CREATED', 'archon-bridge', 'CODEGEN_REQUESTED', 24, 1210, 1760, 2200, 4900, 2000],
  ['enrichment_completed', 'archon-intelligence', 'enrich_document', 12, 3900, 7310, 11_200, 48_100, 10_000],
  ['CODE_ASSESSMENT_COMPLETED', 'archon-intelligence', 'CODE_ASSESSMENT_REQUESTED', 11.1, 540, 1100, 1620, 3010, 1500],
  ['workflow-completed', 'omninode-bridge', 'step-completed', 11.1, 860, 1270, 1900, 3300, 2000],
  ['workflow-started', 'omninode-bridge', 'CODE_ASSESSMENT_COMPLETED', 11.1, 120, 370, 520, 880, 500],
  ['CODEGEN_COMPLETED', 'archon-intelligence', 'METADATA_STAMP_CREATED', 10.9, 1100, 1900, 2400, 5200, 3000],
  [HOSTILE, 'omniclaude', 'CODEGEN_REQUESTED', 1.4, 30, 61, 92, 130, 100],
  ['pattern.discovered', 'omniintelligence', 'CODE_ASSESSMENT_COMPLETED', 0.15, 41, 0, 0, 96, 100],
];

/** Latencies of a development cluster of OmniNode; a fifth of the range in, routing became slow, and later a hole. */
export function sampleLatency(
  query: LatencyQuery,
  from: string,
  to: string,
  asOf: Pick<LatencyAnswer, 'as_of' | 'coverage'>,
): LatencyAnswer {
  const { subject, group, evidence, eventType, service } = query;
  const kinds = subject === 'hop' ? KINDS : KINDS.filter((_, index) => index % (subject === 'flow' ? 3 : 4) === 1);
  const rows = kinds
    .map((kind) => rowOf(kind, { from, to, subject, group, evidence }))
    .filter(
      (row) =>
        (eventType === undefined || row.event_type === eventType) && (service === undefined || row.service === service),
    );
  const one = (eventType !== undefined || service !== undefined) && rows[0] !== undefined ? rows[0] : null;
  return {
    ...asOf,
    ...{ from, to, subject, group, evidence },
    step_s: stepOf(from, to),
    event_types: rows,
    distribution: one === null ? null : distributionOf(one),
    settled_to: to,
  };
}

function stepOf(from: string, to: string): number {
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  return hours > 24 ? 3600 : hours > 1 ? 300 : 60;
}

function rowOf(
  [type, service, cause, perMin, p50, p95, p99, max, objective]: Kind,
  { from, to, subject, group, evidence }: Pick<LatencyAnswer, 'from' | 'to' | 'subject' | 'group' | 'evidence'>,
): LatencyRow {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  const count = Math.round(perMin * minutes * (evidence === 'inferred' ? 0.1 : 1));
  const measured = Math.round(count * 0.985);
  const objectiveMs = subject === 'hop' ? (group === 'service' ? 100 : objective) : declaredMs(subject, type);
  return {
    event_type: group === 'service' ? null : type,
    cause_type: group === 'edge' ? cause : null,
    service: group === 'edge' ? null : service,
    count,
    measured,
    p50_ms: p50,
    p95_ms: measured < 20 ? null : p95,
    p99_ms: measured < 100 ? null : p99,
    max_ms: max,
    error_bound: 0.0217,
    inferred_share: evidence === 'all' ? 0.1 : evidence === 'inferred' ? 1 : 0,
    left_out: {
      roots: Math.round(count * 0.012),
      clock_skew: Math.round(count * 0.002),
      across_gap: Math.round(count * 0.001),
    },
    objective_ms: objectiveMs,
    objective: stateOf(objectiveMs, measured, p95),
    series: seriesOf(type, [p50, p95, p99, max, objective], perMin, from, to),
    exemplars: exemplarsOf(type, p50, p95, max),
  };
}

/** Of flows and replies one is declared. */
function declaredMs(subject: LatencyAnswer['subject'], type: string): number | null {
  return subject === 'flow' && type === 'CodegenValidateResponse' ? 500 : null;
}

function stateOf(objectiveMs: number | null, measured: number, p95: number): LatencyRow['objective'] {
  if (objectiveMs === null) return 'none';
  if (measured < 20) return 'too few';
  return p95 * (1 - 0.0217) > objectiveMs ? 'slow' : 'met';
}

function seriesOf(
  type: string,
  [p50 = 0, p95 = 0, p99 = 0, max = 0, objective = 0]: readonly number[],
  perMin: number,
  from: string,
  to: string,
): LatencyPoint[] {
  const random = drawn(type.length * 7919 + (type.codePointAt(0) ?? 0));
  const step = stepOf(from, to) * 1000;
  const first = Math.floor(Date.parse(from) / step) * step;
  const steps = Math.ceil((Date.parse(to) - first) / step);
  const points: LatencyPoint[] = [];
  for (let index = 0; index < steps; index++) {
    const share = index / steps;
    if (inHole(share)) continue;
    const count = Math.round(perMin * (step / 60_000) * (0.85 + random() * 0.3));
    if (count === 0) continue;
    const before = p95 > objective && p95 < 5 * objective ? Math.min(1, 0.22 + Math.max(0, share - 0.35) * 8) : 1;
    const wave = (0.94 + random() * 0.12) * before;
    points.push({
      at: new Date(first + index * step).toISOString(),
      ...{ count, measured: count, open: index === steps - 1 },
      p50_ms: p50 * wave,
      p95_ms: count < 20 ? null : p95 * wave,
      p99_ms: count < 100 ? (count < 60 ? null : p99 * wave) : p99 * wave,
      max_ms: max * wave * (0.4 + random() * 0.6),
    });
  }
  return points;
}

/** Where the sample's coverage has its hole, in shares of the range. */
function inHole(share: number): boolean {
  return share > 0.485 && share < 0.51;
}

function exemplarsOf(type: string, p50: number, p95: number, max: number): Exemplar[] {
  const id = (at: number) =>
    `8f21c0de-${(type.length * 977 + at).toString(16).padStart(4, '0')}-4c1e-9a77-0b1a5e0f77c2`;
  const key = (at: number) => `${at}`.padStart(32, '0');
  return [
    { at: 'p50', correlation_id: id(1), trace_key: key(1), hop_ms: p50 * 1.01 },
    ...(p95 > 0 ? [{ at: 'p95' as const, correlation_id: id(2), trace_key: key(2), hop_ms: p95 * 0.99 }] : []),
    { at: 'max', correlation_id: id(3), trace_key: key(3), hop_ms: max },
  ];
}

/** Two humps, as where a service became slow; buckets a fifth wider each. */
function distributionOf(row: LatencyRow): DistributionBucket[] {
  const top = row.p95_ms ?? row.max_ms ?? 100;
  const buckets: DistributionBucket[] = [];
  for (let from = top / 24; from < (row.max_ms ?? top); from *= 1.2) {
    const [low, high] = [Math.log(from / (top / 5)), Math.log(from / (top / 1.9))];
    const height = 0.45 * Math.exp(-low * low * 4) + Math.exp(-high * high * 7);
    const count = Math.round((height * row.measured) / 6);
    if (count > 0 || from * 1.2 >= (row.max_ms ?? top))
      buckets.push({ from_ms: from, to_ms: from * 1.2, count: Math.max(1, count) });
  }
  return buckets;
}
