import { z } from 'zod';
import type {
  ActivityWire,
  BackfillWire,
  Coverage,
  CoverageSummary,
  Health,
  LineStretch,
  PartitionCoverage,
  Pulse,
  TapWire,
} from '../../model/wire.ts';
import { asOf, instant, integerText } from './common.ts';
import type { Matches } from './matches.ts';

const offsetRange = z.object({
  from: integerText.meta({ description: 'First offset.' }),
  to: integerText.meta({ description: 'One past the last offset.' }),
});

const holeReason = z.enum(['retention', 'compaction', 'not authorised', 'too large', 'identity unknown', 'unknown']);

const hole = offsetRange.extend({
  reason: holeReason,
  noticed_at: instant,
});

export const partitionCoverage = z.object({
  topic: z.string(),
  n: z.int(),
  partition: z.int(),
  stored: z.array(offsetRange),
  low: integerText.nullable(),
  high: integerText.nullable(),
  next: integerText,
  lag: integerText.nullable(),
  lag_s: z.number().nullable(),
  last_recorded_at: instant.nullable(),
  gone: z.boolean(),
  holes: z.array(hole),
  holes_omitted: z.int(),
  damaged: z.array(
    z.object({
      from: integerText,
      records: z.int(),
      why: z.enum(['checksum', 'layout', 'lost']),
      noticed_at: instant,
    }),
  ),
});
true satisfies Matches<z.output<typeof partitionCoverage>, PartitionCoverage>;

export const lineStretch = z.object({
  from: instant,
  to: instant,
  kind: z.enum(['stored', 'hole', 'unread', 'unheard']),
  why: z.string().nullable(),
});
true satisfies Matches<z.output<typeof lineStretch>, LineStretch>;

const backfill = z
  .object({
    records: integerText,
    records_left: integerText,
    bytes: integerText.nullable(),
    disk_bytes: integerText.nullable(),
    started_at: instant,
    bytes_per_s: z.number().nullable(),
  })
  .meta({ description: 'The first backfill of a named cluster, while some of it is left to read.' });
true satisfies Matches<z.output<typeof backfill>, BackfillWire>;

export const tap = z.object({
  connected: z.boolean(),
  message: z.string().nullable(),
  since: instant.nullable(),
  up: z.int(),
  known: z.int(),
  lag: integerText,
  behind_s: z.number().nullable(),
  backfill: backfill.nullable(),
  unreadable: z.array(z.object({ topic: z.string(), reason: z.string() })),
});
true satisfies Matches<z.output<typeof tap>, TapWire>;

export const pulse = z.object({
  as_of: instant,
  cluster: z.object({ id: z.string(), name: z.string(), source: z.enum(['kafka', 'embedded', 'replay']) }).nullable(),
  tap,
  settled: z.object({ to: instant, waiting: z.int() }),
  stored_share: z.number().min(0).max(1).nullable(),
  holes: z.int(),
});
true satisfies Matches<z.output<typeof pulse>, Pulse>;

const coverageSummary = pulse.extend({
  totals: z.object({
    stored: integerText,
    undecodable: integerText,
    uncorrelated: integerText,
    violating: integerText,
    expired: integerText,
    payload_expired: integerText,
    damaged: integerText,
    holes: z.array(z.object({ reason: holeReason, holes: z.int(), records: integerText })),
    topics: z.int(),
    partitions: z.int(),
    last_recorded_at: instant.nullable(),
  }),
  range: z.object({ from: instant, to: instant }),
  line: z.array(lineStretch),
});
true satisfies Matches<z.output<typeof coverageSummary>, CoverageSummary>;

export const coverage = coverageSummary.extend({
  partitions: z.array(partitionCoverage),
  next_cursor: z.string().nullable(),
});
true satisfies Matches<z.output<typeof coverage>, Coverage>;

export const activity = asOf.extend({
  from: instant,
  to: instant,
  step_s: z.number(),
  buckets: z.array(
    z.object({
      at: instant,
      stored: z.int(),
      traces: z.int(),
      undecodable: z.int(),
      uncorrelated: z.int(),
    }),
  ),
});
true satisfies Matches<z.output<typeof activity>, ActivityWire>;

const status = z.enum(['ok', 'degraded', 'down']);
const check = z.object({ name: z.enum(['database', 'tap', 'kafka', 'settle']), status, reason: z.string().nullable() });

export const health = z.object({ status, version: z.string(), backfill: backfill.nullable(), checks: z.array(check) });
true satisfies Matches<z.output<typeof health>, Health>;
