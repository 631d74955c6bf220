import { z } from 'zod';
import {
  type DistributionBucket,
  type Exemplar,
  LATENCY_EVIDENCES,
  LATENCY_GROUPS,
  LATENCY_SUBJECTS,
  type LatencyAnswer,
  type LatencyPoint,
  type LatencyRow,
  OBJECTIVE_STATES,
  type Percentiles,
} from '../../model/latency-wire.ts';
import { asOf, instant } from './common.ts';
import type { Matches } from './matches.ts';

const share = z.number().min(0).max(1).nullable();

export const percentiles = z.object({
  measured: z.int().meta({ description: 'Times measured; those left out are not in it.' }),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable().meta({ description: 'Null under 20 times.' }),
  p99_ms: z.number().nullable().meta({ description: 'Null under 100 times.' }),
  max_ms: z.number().nullable(),
});
true satisfies Matches<z.output<typeof percentiles>, Percentiles>;

const exemplar = z.object({
  at: z.enum(['p50', 'p95', 'max']),
  correlation_id: z.string(),
  trace_key: z.string().regex(/^[0-9a-f]{32}$/),
  hop_ms: z.number(),
});
true satisfies Matches<z.output<typeof exemplar>, Exemplar>;

const ofOneRow = percentiles.omit({ p95_ms: true }).partial().shape;
const point = percentiles.pick({ p95_ms: true }).extend({
  ...ofOneRow,
  at: instant,
  count: z.int().meta({ description: 'Effects in it, measured or not.' }),
  open: z.boolean().meta({ description: 'Its time has not passed: what it says will grow.' }),
});
true satisfies Matches<z.output<typeof point>, LatencyPoint>;

export const latencyRow = percentiles.extend({
  event_type: z.string().nullable(),
  cause_type: z.string().nullable(),
  service: z.string().nullable(),
  count: z.int(),
  error_bound: z.number().nullable().meta({ description: 'Relative: the true one lies within p × (1 ± error_bound).' }),
  inferred_share: share,
  left_out: z.object({ roots: z.int(), clock_skew: z.int(), across_gap: z.int() }),
  objective_ms: z
    .number()
    .nullable()
    .meta({ description: 'What p95 should stay under; null where none is declared. Hops have 100 unless declared.' }),
  objective: z
    .enum(OBJECTIVE_STATES)
    .meta({ description: '`too few`: under 20 times; `none`: no objective is declared.' }),
  series: z.array(point),
  exemplars: z.array(exemplar),
});
true satisfies Matches<z.output<typeof latencyRow>, LatencyRow>;

const bucket = z.object({ from_ms: z.number(), to_ms: z.number(), count: z.int() });
true satisfies Matches<z.output<typeof bucket>, DistributionBucket>;

export const latency = asOf.extend({
  from: instant,
  to: instant,
  subject: z.enum(LATENCY_SUBJECTS),
  group: z.enum(LATENCY_GROUPS),
  evidence: z.enum(LATENCY_EVIDENCES),
  step_s: z.number().meta({ description: 'Width of a point of `series`.' }),
  event_types: z.array(latencyRow),
  distribution: z.array(bucket).nullable(),
  settled_to: instant.nullable(),
});
true satisfies Matches<z.output<typeof latency>, LatencyAnswer>;
