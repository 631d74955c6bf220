import { z } from 'zod';
import { type DialectSpec, FIELD_NAMES, type FieldName } from '../model/dialect.ts';
import type { ResolvedField } from '../model/event.ts';
import { nearest } from '../model/nearest.ts';
import { parseCondition, parseRule } from '../model/rule-text.ts';

/** A dialect of `throughline.yaml`, with the line it begins in. */
export interface OwnDialect extends DialectSpec {
  readonly line: number;
}

const MAX_DIALECTS = 50;
const MAX_CONDITIONS = 20;
const MAX_RULES = 20;

const texts = (most: number) =>
  z.array(z.string('must be a text'), 'must be a list').max(most, `has more than ${most} entries`);

/** What the file says of one dialect. The texts of conditions and rules are checked by `ownDialects`. */
const dialect = z.strictObject({
  name: z
    .string('must be a text')
    .max(60, 'must be at most 60 characters')
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes')
    .describe('Lower-case letters, digits and dashes; no two alike, and none of a built-in dialect.'),
  title: z
    .string('must be a text')
    .max(200, 'must be at most 200 characters')
    .default('')
    .describe('What it is, in a few words.'),
  when: texts(MAX_CONDITIONS)
    .default([])
    .describe(
      'All must hold, e.g. `body has /event_id`, `header ce_id`, `topic ^orders\\.`; without one it always matches.',
    ),
  rules: z
    .record(z.string(), texts(MAX_RULES), 'must have fields with their rules')
    .describe(
      `Per field where to look, in order, e.g. \`correlation_id: [body /meta/trace, header x-request-id]\`. Fields: ${Object.values(FIELD_NAMES).join(', ')}.`,
    ),
});

export const dialectsSchema = z
  .array(dialect, 'must be a list')
  .max(MAX_DIALECTS, `has more than ${MAX_DIALECTS} dialects`)
  .describe('Your own ways of writing an envelope, tried before the built-in ones, in this order.');

export const DIALECT_KEYS: readonly string[] = Object.keys(dialect.shape);

type Written = z.output<typeof dialectsSchema>;

export interface OwnDialectsReading {
  readonly dialects: readonly OwnDialect[];
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/**
 * Checks what the schema cannot: names, fields, and the texts of conditions and rules. `lineOf` answers the line of the
 * n-th dialect, `builtIn` the names that are taken.
 */
export function ownDialects(
  written: Written,
  { lineOf, builtIn, path }: { lineOf: (place: number) => number; builtIn: readonly string[]; path: string },
): OwnDialectsReading {
  const problems: string[] = [];
  const dialects = written.map(({ name, title, when, rules }, place): OwnDialect => {
    const line = lineOf(place);
    const say = (at: string, what: string) => problems.push(`${path}:${line}: dialect "${name}"${at}: ${what}`);
    if (written.findIndex((other) => other.name === name) < place) say('', 'there is another one of this name above.');
    if (builtIn.includes(name) || name === 'none')
      say('', 'the name is that of a built-in dialect; choose another one.');
    when.forEach((text, index) => {
      const read = parseCondition(text);
      if (!read.ok) say(`, when[${index}]`, read.problem);
    });
    return { name, title: title === '' ? name : title, when, rules: checkRules(rules, say), line };
  });
  return { dialects, problems };
}

const FIELDS = new Map(Object.entries(FIELD_NAMES).map(([field, name]) => [name as string, field as ResolvedField]));

function checkRules(
  rules: Readonly<Record<string, readonly string[]>>,
  say: (at: string, what: string) => void,
): DialectSpec['rules'] {
  const checked: Partial<Record<ResolvedField, readonly string[]>> = {};
  for (const [name, ruleTexts] of Object.entries(rules)) {
    const field = FIELDS.get(name);
    if (field === undefined) {
      say('', `unknown field "${name.slice(0, 100)}". ${remedyFor(name)}`);
      continue;
    }
    ruleTexts.forEach((text, index) => {
      const read = parseRule(text);
      if (!read.ok) say(`, rules.${name}[${index}]`, read.problem);
    });
    checked[field] = ruleTexts;
  }
  return checked;
}

function remedyFor(name: string): string {
  const names: readonly FieldName[] = Object.values(FIELD_NAMES);
  const near = nearest(name, names);
  return near === null ? `Known are ${names.join(', ')}.` : `Did you mean "${near}"?`;
}
