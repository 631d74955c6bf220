import { z } from 'zod';
import type { Frame } from '../../model/frame.ts';
import { instant } from './common.ts';
import { pulse } from './coverage.ts';
import type { Matches } from './matches.ts';

/** One frame of the live stream, as its `data` line holds it. */
export const frame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('traces'), keys: z.array(z.string()), at: instant }),
  z.object({ kind: z.literal('tap'), connected: z.boolean(), message: z.string().nullable(), at: instant }),
  z.object({ kind: z.literal('pulse'), pulse }),
  z.object({ kind: z.literal('reset') }),
]);
true satisfies Matches<z.output<typeof frame>, Frame>;
