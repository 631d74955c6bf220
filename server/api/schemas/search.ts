import { z } from 'zod';
import { SEARCH_KINDS, type SearchAnswer, type SearchResult } from '../../model/search-wire.ts';
import { asOf, searched } from './common.ts';
import type { Matches } from './matches.ts';

const kind = z.enum([...SEARCH_KINDS]);

export const searchResult = z.object({
  kind,
  text: z.string().meta({ description: 'The id of a trace or an event, a type, a service, a topic, a team.' }),
  note: z.string().nullable().meta({ description: 'What tells it from others.' }),
  href: z.string().meta({ description: 'The path of its page, with its query.' }),
});
true satisfies Matches<z.output<typeof searchResult>, SearchResult>;

export const searchAnswer = asOf.extend({
  query: z.string(),
  results: z.array(searchResult).meta({ description: 'Kind after kind, the nearest first.' }),
  more: z.array(kind).meta({ description: 'Kinds of which more was found.' }),
  fields: z.array(z.string()).meta({ description: 'Declared fields whose values were looked up.' }),
  names_cut: z.boolean().meta({ description: 'There are more names than were looked through for a part.' }),
  searched: searched.optional(),
});
true satisfies Matches<z.output<typeof searchAnswer>, SearchAnswer>;
