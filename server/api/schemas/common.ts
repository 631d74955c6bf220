import { z } from 'zod';
import type { AsOf } from '../../model/as-of.ts';
import type { HeaderWire, Payload, Problem, Searched } from '../../model/wire.ts';
import type { Matches } from './matches.ts';

/** Shapes that several answers share. Each schema is held against its wire type by the compiler. */
export const instant = z.string().meta({ format: 'date-time', description: 'RFC 3339, UTC.' });

/** A 64-bit integer as text: JSON numbers end at 2^53. */
export const integerText = z.string().regex(/^-?\d+$/);

export const payload = z.object({
  encoding: z.enum(['json', 'text', 'base64']),
  text: z.string().meta({ description: 'Verbatim, never re-serialised; base64 for bytes that are no text.' }),
  bytes: z.int().meta({ description: 'Length of the whole value, also when `text` is cut.' }),
  truncated: z.boolean(),
  decoded: z
    .object({
      format: z.enum(['avro', 'protobuf', 'json schema']),
      text: z.string().meta({ description: 'JSON with every digit; no whole JSON when `truncated`.' }),
      truncated: z.boolean(),
      schema: z.object({ registry: z.string(), id: z.string() }),
    })
    .optional(),
  uuid: z.string().optional().meta({ description: 'Of a key of 16 bytes that are no text.' }),
});
true satisfies Matches<z.output<typeof payload>, Payload>;

export const header = z.object({ name: z.string(), value: payload.nullable() });
true satisfies Matches<z.output<typeof header>, HeaderWire>;

export const searched = z.object({
  records: integerText,
  lag: integerText,
  partitions: z.int(),
  undecodable: integerText,
  uncorrelated: integerText,
  expired: integerText,
  unreadable_topics: z.array(z.string()),
});
true satisfies Matches<z.output<typeof searched>, Searched>;

export const asOf = z.object({
  as_of: instant,
  coverage: z.object({
    stored_share: z.number().min(0).max(1).nullable(),
    holes: z.int(),
    lower_bound: z.boolean().meta({ description: 'Unread records or holes make every count here a lower bound.' }),
  }),
});
true satisfies Matches<z.output<typeof asOf>, AsOf>;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z.array(z.object({ name: z.string(), reason: z.string() })).optional(),
  nearest: z.array(z.string()).optional(),
  searched: searched.optional(),
});
true satisfies Matches<z.output<typeof problemSchema>, Problem>;
