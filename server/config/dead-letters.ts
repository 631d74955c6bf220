import { z } from 'zod';
import type { DeadLetterRules } from '../model/dead-letter-queue.ts';
import { parseNamePattern } from '../model/name-pattern.ts';
import type { LineOf } from './owners.ts';

const MOST_PATTERNS = 200;
const MOST_TRIAGE = 200;
const MOST_GROUPS = 20;

const patterns = z
  .array(z.string('must be a text'), 'must be a list')
  .max(MOST_PATTERNS, `has more than ${MOST_PATTERNS} entries`)
  .default([]);

const triage = z.strictObject({
  queue: z.string('must be a text').describe('A name or pattern of queues.'),
  groups: z
    .array(
      z.string('must be a text').min(1, 'must not be empty').max(255, 'must be at most 255 characters'),
      'must be a list',
    )
    .min(1, 'must name a group')
    .max(MOST_GROUPS, `has more than ${MOST_GROUPS} entries`)
    .describe('Names of the consumer groups that work them off; of several the one that is least far counts.'),
});

const shape = z.strictObject({
  queues: patterns.describe(
    'Topics that hold dead letters, beside those whose name says so; a text that is no plain name is a pattern, as in `topic PATTERN`.',
  ),
  quarantine: patterns.describe('Topics where dead letters go in the second place: listed, not counted.'),
  retries: patterns.describe('Topics whose records are tried again: a stage, no dead letters.'),
  mirrors: patterns.describe('Topics that hold copies of dead letters: listed, not counted.'),
  ignore: patterns.describe('Topics whose name looks like that of a queue, and that are none.'),
  triage: z
    .array(triage, 'must be a list')
    .max(MOST_TRIAGE, `has more than ${MOST_TRIAGE} entries`)
    .default([])
    .describe('Who works which queue off; the first that matches counts. Without it depth is all that is retained.'),
});

export const deadLettersSchema = shape.describe('Which topics are dead-letter queues, and who works them off.');

export const DEAD_LETTERS_KEYS: readonly string[] = Object.keys(shape.shape);
export const TRIAGE_KEYS: readonly string[] = Object.keys(triage.shape);

export interface DeadLettersReading {
  readonly rules: DeadLetterRules;
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/** Checks the patterns, which the schema cannot. `path` is for messages. */
export function readDeadLetterRules(
  written: z.output<typeof deadLettersSchema>,
  { lineOf, path }: { readonly lineOf: LineOf; readonly path: string },
): DeadLettersReading {
  const problems: string[] = [];
  const check = (text: string, at: readonly (string | number)[]) => {
    const read = parseNamePattern(text);
    if (!read.ok) problems.push(`${path}:${lineOf(at)}: ${at.join('.')}: ${read.problem}`);
  };
  const { triage: declared, ...lists } = written;
  for (const [name, texts] of Object.entries(lists)) {
    texts.forEach((text, place) => {
      check(text, ['dead_letters', name, place]);
    });
  }
  declared.forEach(({ queue }, place) => {
    check(queue, ['dead_letters', 'triage', place, 'queue']);
  });
  return { rules: written, problems };
}
