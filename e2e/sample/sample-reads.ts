import { stalePulse } from '../../server/live/stale-pulse.ts';
import type { AsOf } from '../../server/model/as-of.ts';
import { type Micros, microsToRfc3339 } from '../../server/model/time.ts';
import type { Pulse, TraceSummary } from '../../server/model/wire.ts';
import type { Reads } from '../../server/ports/reads.ts';
import { sampleFlow } from './sample-flow.ts';
import { sampleLatency } from './sample-latency.ts';
import { sampleSearch } from './sample-search.ts';
import { sampleStalls, sampleTrace } from './sample-stalls.ts';

/** What of the sample is asked to be otherwise. */
export interface SampleSetting {
  /** Nothing stored, unlike the sample. */
  readonly empty?: boolean;
  /** Topics besides those of the sample. */
  readonly extraTopics?: number;
  /** A flow of it stops. */
  readonly stopped?: boolean;
}

/** Reads that answer with a sample of realistic data; what the two pages do not need is empty. */
export function sampleReads({ empty = false, extraTopics = 0, stopped = false }: SampleSetting = {}): Reads {
  const pulse = (): Pulse => {
    const now = new Date().toISOString();
    const blank = stalePulse(null, Date.now());
    return {
      ...blank,
      as_of: now,
      cluster: { id: 'sample', name: 'omninode-dev', source: 'kafka' },
      tap: { ...blank.tap, connected: true, message: null, up: 2, known: 2, behind_s: 0.4 },
      settled: { to: now, waiting: 0 },
      stored_share: 0.99975,
      holes: 1,
    };
  };
  const asOf = (): AsOf => ({
    as_of: new Date().toISOString(),
    coverage: { stored_share: 0.99975, holes: 1, lower_bound: true },
  });
  const none = { next_cursor: null };
  const between = ({ from, to }: { from: Micros; to: Micros }) => [microsToRfc3339(from), microsToRfc3339(to)] as const;
  return {
    traces: async (filter) => ({
      ...{ ...asOf(), ...none, singles_folded: 0 },
      traces: empty
        ? []
        : Array.from({ length: Math.min(filter.limit, 8) }, (_, index) => traceOf(index, filter.eventType)),
    }),
    trace: async () => (stopped ? sampleTrace(asOf()) : null),
    nearestIds: async () => [],
    search: async ({ q }) => sampleSearch(asOf(), q, empty),
    events: async () => ({ ...asOf(), ...none, events: [] }),
    event: async () => null,
    dialects: async () => ({ counts: new Map(), rules: { version: null, older: '0', older_unreachable: '0' } }),
    consumerGroups: async () => ({
      ...{ ...asOf(), ...none, groups: [] },
      watch: { sampled_at: null, resolution_s: 2, failure: null, failed: [], group_count: 0 },
    }),
    stalls: async () => {
      const whole = sampleStalls(asOf());
      return stopped ? whole : { ...whole, pairs: [], stalls: [], total: 0 };
    },
    owners: async () => ({
      ...{ ...asOf(), owners: [], systems: [], more_seen: false },
      unowned: { services: [], topics: [] },
    }),
    coverage: async (range) => {
      const [from, to] = between(range);
      const at = (share: number) =>
        new Date(Date.parse(from) + share * (Date.parse(to) - Date.parse(from))).toISOString();
      return {
        ...pulse(),
        totals: {
          ...{ stored: '153364', undecodable: '12', uncorrelated: '40', violating: '0', expired: '0' },
          ...{ payload_expired: '0', damaged: '0', topics: 14, partitions: 42, last_recorded_at: to },
          holes: [{ reason: 'retention', holes: 1, records: '38' }],
        },
        range: { from, to },
        line: [
          { from, to: at(0.485), kind: 'stored', why: null },
          {
            from: at(0.485),
            to: at(0.51),
            kind: 'hole',
            why: '38 records of quality-assessments/3 expired before they were read',
          },
          { from: at(0.51), to, kind: 'stored', why: null },
        ],
      };
    },
    partitions: async () => ({ ...none, partitions: [] }),
    pulse: async () => pulse(),
    asOf: async () => asOf(),
    activity: async (range) => {
      const [from, to] = between(range);
      return { ...asOf(), from, to, step_s: 60, buckets: [] };
    },
    violations: async (range) => {
      const [from, to] = between(range);
      const counts = { ok: '0', violation: '0', unknown_reference: '0', unchecked: '0' };
      return { ...asOf(), ...none, from, to, step_s: 60, groups: [], more_groups: false, violations: [], counts };
    },
    violationEvents: async () => ({ violations: [], ...none }),
    checkedTypes: async () => [],
    registrySchemas: async () => ({ schemas: [], broken: [] }),
    otherSchemas: async () => (empty ? { events: 0n, unreachable: 0n } : { events: 12_408n, unreachable: 312n }),
    audits: async () => ({ ...asOf(), audits: [] }),
    flow: async (range) => {
      const [from, to] = between(range);
      const whole = sampleFlow(from, to, asOf(), extraTopics);
      return empty ? { ...whole, nodes: [], edges: [], groups: [] } : whole;
    },
    latency: async (query) => {
      const [from, to] = between(query);
      const whole = sampleLatency(query, from, to, asOf());
      return empty ? { ...whole, event_types: [], distribution: null } : whole;
    },
  };
}

function traceOf(index: number, eventType = 'CODE_ASSESSMENT_COMPLETED'): TraceSummary {
  const started = new Date(Date.now() - (index + 1) * 23_000).toISOString();
  return {
    correlation_id: `b1c2e0${index}f-77aa-4c1e-9a77-0b1a5e0f77c2`,
    correlation_id_truncated: false,
    trace_key: String(index).padStart(32, '0'),
    id_kind: 'correlation',
    started_at: started,
    ended_at: started,
    duration_ms: 1800 + index * 311,
    event_count: 6,
    services: ['omniclaude', 'archon-intelligence'],
    event_types: [eventType],
    topics: ['codegen-requests'],
    flow: null,
    status: index === 0 ? 'running' : 'done',
    violation_count: 0,
    dead_letter_count: 0,
  };
}
