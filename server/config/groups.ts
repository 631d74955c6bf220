import { z } from 'zod';
import type { GroupRule } from '../model/group-service.ts';
import { parseNamePattern } from '../model/name-pattern.ts';
import type { LineOf } from './owners.ts';

const MOST_RULES = 1000;

const rule = z.strictObject({
  group: z
    .string('must be a text')
    .describe('Consumer groups it is for; a text that is no plain name is a pattern, as in `topic PATTERN`.'),
  service: z
    .string('must be a text')
    .min(1, 'must not be empty')
    .max(200, 'must be at most 200 characters')
    .describe('The service they belong to, as its events name it. The first that matches counts.'),
});

export const groupsSchema = z
  .array(rule, 'must be a list')
  .max(MOST_RULES, `has more than ${MOST_RULES} entries`)
  .describe('Whose consumer groups are, where their names do not say it.');

export const GROUP_KEYS: readonly string[] = Object.keys(rule.shape);

export interface GroupsReading {
  readonly groups: readonly GroupRule[];
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/** Checks the patterns, which the schema cannot. `path` is for messages. */
export function readGroups(
  groups: z.output<typeof groupsSchema>,
  { lineOf, path }: { readonly lineOf: LineOf; readonly path: string },
): GroupsReading {
  const problems = groups.flatMap(({ group }, place) => {
    const read = parseNamePattern(group);
    const at = ['groups', place, 'group'];
    return read.ok ? [] : [`${path}:${lineOf(at)}: ${at.join('.')}: ${read.problem}`];
  });
  return { groups, problems };
}
