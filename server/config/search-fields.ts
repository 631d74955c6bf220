import { z } from 'zod';
import { type Pointer, parsePointer } from '../model/pointer-text.ts';
import type { SearchField } from '../model/search-field.ts';

const MOST_FIELDS = 20;
const MOST_POINTERS = 5;

const pointers = z
  .union([z.string(), z.array(z.string()).min(1).max(MOST_POINTERS)], 'must be a JSON pointer, or a list of up to five')
  .transform((written) => (typeof written === 'string' ? [written] : written));

/** `fields:` of the file, name → where it stands. The pointers are checked by `searchFields`. */
export const fieldsSchema = z
  .record(z.string(), pointers, 'must have names with JSON pointers')
  .refine((fields) => Object.keys(fields).length <= MOST_FIELDS, `has more than ${MOST_FIELDS} fields`)
  .describe(
    'Values of the body that traces are found by, e.g. `order_id: /payload/order_id`; a list of pointers is tried in order.',
  );

const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** Names that a search has already. */
const TAKEN = new Set(['service', 'type', 'topic', 'status', 'has', 'duration', 'started', 'flow', 'key', 'trace']);

export interface SearchFieldsReading {
  readonly fields: readonly SearchField[];
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/** Checks names and pointers. `path` is for messages. */
export function searchFields(written: z.output<typeof fieldsSchema>, path: string): SearchFieldsReading {
  const problems: string[] = [];
  const fields = Object.entries(written).map(([name, texts]): SearchField => {
    const say = (what: string) => problems.push(`${path}: fields.${name.slice(0, 60)}: ${what}`);
    if (!NAME.test(name)) say('a name is a lower-case letter and up to 39 letters, digits and underscores.');
    if (TAKEN.has(name)) say('a search has that word already; choose another one.');
    const read = texts.flatMap((text): readonly Pointer[] => {
      const pointer = parsePointer(text);
      if (pointer.ok) return [pointer.value];
      say(pointer.problem);
      return [];
    });
    return { name, pointers: read, texts };
  });
  return { fields, problems };
}
