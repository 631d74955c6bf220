import { z } from 'zod';
import { parseNamePattern } from '../model/name-pattern.ts';
import type { Owner, System } from '../model/ownership.ts';
import { httpUrl } from './value-schemas.ts';

const MOST_OWNERS = 1000;
const MOST_PATTERNS = 200;
const MOST_SYSTEMS = 1000;

const patterns = z
  .array(z.string('must be a text'), 'must be a list')
  .max(MOST_PATTERNS, `has more than ${MOST_PATTERNS} entries`);
const line = z.string('must be a text').min(1, 'must not be empty').max(200, 'must be at most 200 characters');

const owner = z.strictObject({
  team: line.describe('What pages call the team.'),
  contact: line.optional().describe('Where it is reached: a channel, an address, a number.'),
  run_book: httpUrl
    .max(2000, 'must be at most 2,000 characters')
    .optional()
    .describe('An http or https address that says what to do.'),
  services: patterns
    .default([])
    .describe(
      'Names of services or systems it owns; a text that is no plain name is a pattern, as in `topic PATTERN`.',
    ),
  topics: patterns.default([]).describe('Names or patterns of topics it owns.'),
});

export const ownersSchema = z
  .array(owner, 'must be a list')
  .max(MOST_OWNERS, `has more than ${MOST_OWNERS} owners`)
  .describe('Whom to call about services and topics; the first that matches counts.');

export const OWNER_KEYS: readonly string[] = Object.keys(owner.shape);

/** `systems:` of the file: name → names or patterns of its services. */
export const systemsSchema = z
  .record(line, patterns, 'must have names with lists of services')
  .refine((systems) => Object.keys(systems).length <= MOST_SYSTEMS, `has more than ${MOST_SYSTEMS} systems`)
  .describe(
    'Services that are one system under several names, e.g. `omniarchon: [archon-bridge, archon-intelligence]`.',
  );

/** Where something stands in the file: its line. */
export type LineOf = (at: readonly (string | number)[]) => number;

export interface OwnersReading {
  readonly owners: readonly Owner[];
  readonly systems: readonly System[];
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/** Checks the patterns, which the schema cannot. `path` is for messages. */
export function readOwners(
  written: { readonly owners: z.output<typeof ownersSchema>; readonly systems: z.output<typeof systemsSchema> },
  { lineOf, path }: { readonly lineOf: LineOf; readonly path: string },
): OwnersReading {
  const problems: string[] = [];
  const check = (texts: readonly string[], at: readonly (string | number)[]) => {
    texts.forEach((text, index) => {
      const read = parseNamePattern(text);
      if (!read.ok) problems.push(`${path}:${lineOf([...at, index])}: ${at.join('.')}[${index}]: ${read.problem}`);
    });
  };
  written.owners.forEach(({ services, topics }, place) => {
    check(services, ['owners', place, 'services']);
    check(topics, ['owners', place, 'topics']);
    if (services.length === 0 && topics.length === 0)
      problems.push(`${path}:${lineOf(['owners', place])}: owners.${place} owns nothing. Give it services or topics.`);
  });
  for (const [name, texts] of Object.entries(written.systems)) check(texts, ['systems', name]);
  return {
    owners: written.owners.map(({ team, contact, run_book, services, topics }) => ({
      team,
      contact: contact ?? null,
      runBook: run_book ?? null,
      services,
      topics,
    })),
    systems: Object.entries(written.systems).map(([name, services]) => ({ name, services })),
    problems,
  };
}
