import { z } from 'zod';
import type { OwnerList, OwnerWire, WhoseWire } from '../../model/owner-wire.ts';
import { asOf } from './common.ts';
import type { Matches } from './matches.ts';

export const owner = z.object({
  team: z.string(),
  contact: z.string().nullable(),
  run_book: z.string().nullable().meta({ description: 'An http or https address.' }),
});
true satisfies Matches<z.output<typeof owner>, OwnerWire>;

export const whose = z.object({
  service: z.string().nullable(),
  system: z.string().nullable(),
  owner: owner.nullable().meta({ description: 'Null: nobody owns it.' }),
});
true satisfies Matches<z.output<typeof whose>, WhoseWire>;

const names = z.object({ services: z.array(z.string()), topics: z.array(z.string()) });

export const ownerList = asOf.extend({
  owners: z.array(owner.extend({ services: z.array(z.string()), topics: z.array(z.string()), owns: names })),
  systems: z.array(z.object({ name: z.string(), services: z.array(z.string()), seen: z.array(z.string()) })),
  unowned: names.meta({ description: 'What was seen and is nobody’s.' }),
  more_seen: z.boolean(),
});
true satisfies Matches<z.output<typeof ownerList>, OwnerList>;
