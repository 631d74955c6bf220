import { z } from 'zod';
import { parseNamePattern } from '../model/name-pattern.ts';
import type { Objective, ObjectiveRules } from '../model/objectives.ts';
import type { LineOf } from './owners.ts';
import { durationMs } from './value-schemas.ts';

const MOST_OBJECTIVES = 200;

const eventType = z.string('must be a text');
const p95 = durationMs.describe('What 95 of 100 must stay under, e.g. `250ms`.');

const hop = z.strictObject({
  event_type: eventType.describe(
    'Event types whose hops it is for; a text that is no plain name is a pattern. The first that matches counts; `100ms` where none does.',
  ),
  p95,
});

const flow = z.strictObject({
  starts_with: eventType.describe(
    'Event types that begin the flows it is for, first to last event; no objective where none matches.',
  ),
  p95,
});

const reply = z.strictObject({
  event_type: eventType.describe('Event types of the requests it is for; no objective where none matches.'),
  p95,
});

const listOf = <T extends z.ZodType>(entry: T) =>
  z.array(entry, 'must be a list').max(MOST_OBJECTIVES, `has more than ${MOST_OBJECTIVES} entries`).default([]);

export const objectivesSchema = z.strictObject({ hops: listOf(hop), flows: listOf(flow), replies: listOf(reply) });

export const OBJECTIVES_KEYS: readonly string[] = Object.keys(objectivesSchema.shape);
export const OBJECTIVE_KEYS: Readonly<Record<keyof ObjectiveRules, readonly string[]>> = {
  hops: Object.keys(hop.shape),
  flows: Object.keys(flow.shape),
  replies: Object.keys(reply.shape),
};

export interface ObjectivesReading {
  readonly objectives: ObjectiveRules;
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/** Checks the patterns, which the schema cannot. `path` is for messages. */
export function readObjectives(
  written: z.output<typeof objectivesSchema>,
  { lineOf, path }: { readonly lineOf: LineOf; readonly path: string },
): ObjectivesReading {
  const problems: string[] = [];
  const read = (list: keyof ObjectiveRules, key: string, entries: readonly Objective[]) => {
    entries.forEach(({ eventType }, place) => {
      const pattern = parseNamePattern(eventType);
      if (pattern.ok) return;
      const at = ['objectives', list, place, key];
      problems.push(`${path}:${lineOf(at)}: ${at.join('.')}: ${pattern.problem}`);
    });
    return entries;
  };
  const byType = (entry: z.output<typeof hop>) => ({ eventType: entry.event_type, p95Ms: entry.p95 });
  const byStart = (entry: z.output<typeof flow>) => ({ eventType: entry.starts_with, p95Ms: entry.p95 });
  return {
    objectives: {
      hops: read('hops', 'event_type', written.hops.map(byType)),
      flows: read('flows', 'starts_with', written.flows.map(byStart)),
      replies: read('replies', 'event_type', written.replies.map(byType)),
    },
    problems,
  };
}
