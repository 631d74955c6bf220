import { z } from 'zod';
import type { StallBasis, StalledTrace, StallGroup, StallList, StallPair, StallWire } from '../../model/stall-wire.ts';
import { asOf, instant, integerText } from './common.ts';
import type { Matches } from './matches.ts';
import { whose } from './owners.ts';

export const stallGroup = z.object({
  group: z.string(),
  state: z.enum(['silent', 'active', 'absent', 'unknown']).meta({
    description: '`silent`: without members; `absent`: declared, and nobody has seen it.',
  }),
  of_service: z.boolean().meta({ description: 'By its name, or as declared, of the service that is waited for.' }),
  members: z.int().nullable(),
  lag: integerText.nullable().meta({ description: 'On the topic of the last step.' }),
  lag_s: z.number().nullable(),
});
true satisfies Matches<z.output<typeof stallGroup>, StallGroup>;

const basis = z.object({
  kind: z.enum(['declared', 'learned']),
  flow: z.string().nullable(),
  traces: z.int().nullable(),
  followed: z.int().nullable(),
  typical_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
});
true satisfies Matches<z.output<typeof basis>, StallBasis>;

export const stall = z.object({
  since: instant,
  due_at: instant,
  step: z.object({ event_type: z.string(), topic: z.string(), id: z.string().nullable() }),
  missing: z.object({ event_type: z.string(), service: z.string().nullable() }),
  basis,
  groups: z.array(stallGroup),
  whose,
});
true satisfies Matches<z.output<typeof stall>, StallWire>;

const traceKey = z.string().regex(/^[0-9a-f]{32}$/);

export const stalledTrace = stall.extend({ correlation_id: z.string(), trace_key: traceKey });
true satisfies Matches<z.output<typeof stalledTrace>, StalledTrace>;

export const stallPair = stall.extend({
  count: z.int(),
  oldest: z.object({ correlation_id: z.string(), trace_key: traceKey }),
  newest_since: instant,
});
true satisfies Matches<z.output<typeof stallPair>, StallPair>;

export const stallList = asOf.extend({
  pairs: z.array(stallPair),
  stalls: z.array(stalledTrace),
  total: z.int(),
  more: z.boolean().meta({ description: 'More than are held: every count here is a lower bound.' }),
  tap_behind: z.int().meta({ description: 'Traces of which the tap cannot say yet what has come.' }),
  next_cursor: z.string().nullable(),
});
true satisfies Matches<z.output<typeof stallList>, StallList>;
