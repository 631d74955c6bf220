import { z } from 'zod';
import { type HopSplitWire, SPLIT_GAPS } from '../../model/hop-split-wire.ts';
import type { Matches } from './matches.ts';

const stretch = z.object({ from_ms: z.number().min(0), to_ms: z.number().min(0) });

const resolution = z
  .number()
  .nullable()
  .meta({ description: 'Time between the two looks that the commit lies between.' });

export const hopSplit = z
  .discriminatedUnion('state', [
    z.object({
      state: z.literal('split'),
      group: z.string(),
      resolution_ms: resolution,
      commit: z.enum(['before_effect', 'around_effect', 'after_effect']),
      until_commit: stretch.meta({ description: 'From the cause until the commit, at most until the effect.' }),
      after_commit: stretch.meta({ description: 'From there until the effect; nothing where the commit came later.' }),
    }),
    z.object({
      state: z.literal('unknown'),
      reason: z.enum(SPLIT_GAPS),
      why: z.string(),
      groups: z.array(z.string()),
      resolution_ms: resolution,
    }),
  ])
  .meta({
    description:
      'The parent hop, split where the consumer group of the event’s service had committed an offset behind the cause. ' +
      'Groups commit before their work, after it or by a timer: neither part is processing time.',
  });
true satisfies Matches<z.output<typeof hopSplit>, HopSplitWire>;
