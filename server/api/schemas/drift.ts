import { z } from 'zod';
import type { DriftList, DriftWire } from '../../model/drift-wire.ts';
import { asOf, instant, integerText } from './common.ts';
import type { Matches } from './matches.ts';

const side = z.object({
  events: z.number().meta({ description: 'Events of the sample in which the field’s parent was there to carry it.' }),
  present: z.number().meta({ description: 'Of those, with the field.' }),
  types: z.array(z.string()),
});

export const drift = z.object({
  event_type: z.string(),
  path: z.string().meta({ description: 'JSON pointer; `*` for the places of a list, `**` for the keys of a map.' }),
  kind: z.enum(['appeared', 'vanished', 'changed type', 'became optional', 'became always']),
  sentence: z.string(),
  since: instant.meta({
    description:
      'First seen so; of what vanished: last seen; of what became optional or always: the begin of the hours that differ.',
  }),
  before: side,
  now: side,
  services: z.array(z.string()).meta({ description: 'Who sends it so; of what vanished: who sent it. At most ten.' }),
  samples: z.object({ before: z.string().nullable(), now: z.string().nullable() }).meta({ description: 'Record ids.' }),
});
true satisfies Matches<z.output<typeof drift>, DriftWire>;

export const driftList = asOf.extend({
  from: instant,
  to: instant,
  learned_from: instant.meta({ description: 'Begin of the hours before `from` that changes are held against too.' }),
  drifts: z.array(drift).meta({ description: 'The newest first, at most 200.' }),
  more: z.boolean(),
  event_types: z
    .object({ sampled: z.int(), judged: z.int() })
    .meta({ description: 'Types with a sample, and those with at least 30 events of it on both sides of some hour.' }),
  sampled_events: integerText,
});
true satisfies Matches<z.output<typeof driftList>, DriftList>;
