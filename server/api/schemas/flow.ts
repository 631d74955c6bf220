import { z } from 'zod';
import type { FlowAnswer, FlowEdge, FlowGroup, FlowNode, FlowState } from '../../model/flow-wire.ts';
import { asOf, instant, integerText } from './common.ts';
import { percentiles } from './latency.ts';
import type { Matches } from './matches.ts';

const state = z.enum(['stalled', 'dead', 'violating', 'slow', 'unknown', 'flowing']);
true satisfies Matches<z.output<typeof state>, FlowState>;

export const flowNode = z.object({
  id: z.string().meta({ description: '`service:{name}` or `topic:{family}`.' }),
  kind: z.enum(['service', 'topic']),
  name: z.string(),
  system: z.string().nullable(),
  rate_per_s: z.number(),
  count: z.int(),
  p95_ms: z.number().nullable().meta({ description: 'Of hops into it. Null under 20.' }),
  dead_letter_depth: z.int().nullable().meta({ description: 'Null where none of its queues was looked at.' }),
  violation_count: z.int().meta({ description: 'Events of the range that break their schema or name an unknown one.' }),
  holes: z.int().meta({ description: 'Of a topic: those that lie in the range.' }),
  missing: integerText.meta({ description: 'Records that are missing in those holes.' }),
  dead_letters: z.boolean().meta({ description: 'Of a topic: it carries dead letters.' }),
  state,
});
true satisfies Matches<z.output<typeof flowNode>, FlowNode>;

export const flowEdge = percentiles.extend({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  kind: z.enum(['produces', 'consumes']),
  event_type: z.string(),
  count: z.int(),
  rate_per_s: z.number(),
  inferred_share: z.number().min(0).max(1).nullable(),
  stopped: z
    .object({ since: instant, traces: z.int() })
    .nullable()
    .meta({ description: 'Traces that stopped here before the end of the range, and stand still now.' }),
  state,
});
true satisfies Matches<z.output<typeof flowEdge>, FlowEdge>;

export const flowGroup = z.object({
  group: z.string(),
  topic: z.string(),
  service: z.string().nullable(),
  members: z.int().nullable(),
  lag: integerText.nullable(),
});
true satisfies Matches<z.output<typeof flowGroup>, FlowGroup>;

export const flow = asOf.extend({
  from: instant,
  to: instant,
  nodes: z.array(flowNode),
  edges: z.array(flowEdge),
  groups: z.array(flowGroup),
  settled_to: instant.nullable(),
});
true satisfies Matches<z.output<typeof flow>, FlowAnswer>;
