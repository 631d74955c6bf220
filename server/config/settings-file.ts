import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { RULE_KEYS } from '../alerts/rule-schema.ts';
import { BUILT_IN_DIALECTS } from '../envelope/built-in/built-in-dialects.ts';
import type { WrittenRule } from '../model/alert-rule.ts';
import { type DeadLetterRules, NO_DEAD_LETTER_RULES } from '../model/dead-letter-queue.ts';
import type { GroupRule } from '../model/group-service.ts';
import { nearest } from '../model/nearest.ts';
import { NO_OBJECTIVES, type ObjectiveRules } from '../model/objectives.ts';
import type { OwnershipRules } from '../model/ownership.ts';
import type { Receiver } from '../model/receiver.ts';
import type { SearchField } from '../model/search-field.ts';
import { slowPart } from '../model/topic-pattern.ts';
import { alertsSchema, readAlerts } from './alert-rules.ts';
import { DEAD_LETTERS_KEYS, deadLettersSchema, readDeadLetterRules, TRIAGE_KEYS } from './dead-letters.ts';
import { FLOW_KEYS, flowsSchema, STEP_KEYS } from './flows.ts';
import { GROUP_KEYS, groupsSchema, readGroups } from './groups.ts';
import { OBJECTIVE_KEYS, OBJECTIVES_KEYS, objectivesSchema, readObjectives } from './objectives.ts';
import { DIALECT_KEYS, dialectsSchema, type OwnDialect, ownDialects } from './own-dialects.ts';
import { type LineOf, OWNER_KEYS, ownersSchema, readOwners, systemsSchema } from './owners.ts';
import { RECEIVER_KEYS, readFileReceivers, receiversSchema } from './receivers.ts';
import { schemaFoldersSchema } from './schema-folders.ts';
import { fieldsSchema, searchFields } from './search-fields.ts';
import { byteSize, durationMs } from './value-schemas.ts';

const NOTHING_DECLARED: z.output<typeof deadLettersSchema> = {
  ...{ queues: [], quarantine: [], retries: [], mirrors: [], ignore: [], triage: [] },
};

/** Largest configuration file we read, in characters. */
const MAX_LENGTH = 1_000_000;

const pattern = z.string().superRefine((text, { addIssue }) => {
  const trouble = patternTrouble(text);
  if (trouble !== null) addIssue(trouble);
});

const topics = z.strictObject({
  include: z.array(pattern).optional().describe('Regular expressions; a topic must match one. Without it, all do.'),
  exclude: z.array(pattern).default([]).describe('Regular expressions; a topic that matches one is not read.'),
});

const retention = z.strictObject({
  payload: durationMs.optional().describe('How long keys, headers and values are kept; `7d` unless set.'),
  events: durationMs.optional().describe('How long events, hops and traces are kept; `30d` unless set.'),
  aggregates: durationMs
    .optional()
    .describe('How long counts (by whole months) and sums by hour and day are kept; `400d` unless set.'),
  payload_size: byteSize
    .optional()
    .describe('Most that keys, headers and values may take on disk, e.g. `50GB`: the oldest days go first.'),
  total_size: byteSize.optional().describe('Most that everything may take on disk: the oldest days go first.'),
});

/** `throughline.yaml`. Unknown keys are refused. */
export const settingsFileSchema = z.strictObject({
  cluster: z
    .strictObject({ name: z.string().min(1).max(100).optional().describe('What pages call the cluster.') })
    .optional(),
  topics: topics.optional(),
  flows: flowsSchema.optional(),
  objectives: objectivesSchema.optional(),
  groups: groupsSchema.optional(),
  dead_letters: deadLettersSchema.optional(),
  owners: ownersSchema.optional(),
  systems: systemsSchema.optional(),
  dialects: dialectsSchema.optional(),
  fields: fieldsSchema.optional(),
  schemas: schemaFoldersSchema.optional(),
  receivers: receiversSchema.optional(),
  alerts: alertsSchema.optional(),
  retention: retention.optional(),
  episode_gap: durationMs
    .optional()
    .describe('A pause in a trace longer than this begins a new episode; `30m` unless set.'),
});

export type SettingsFile = z.output<typeof settingsFileSchema>;

export interface SettingsReading {
  readonly settings: SettingsFile;
  readonly dialects: readonly OwnDialect[];
  readonly fields: readonly SearchField[];
  readonly groups: readonly GroupRule[];
  readonly deadLetters: DeadLetterRules;
  readonly ownership: OwnershipRules;
  readonly objectives: ObjectiveRules;
  readonly receivers: readonly Receiver[];
  readonly alertRules: readonly WrittenRule[];
  readonly problems: readonly string[];
}

/** Reads the text of a configuration file. `path` is for messages. Every problem is one sentence with its remedy. */
export function readSettingsFile(text: string, path: string): SettingsReading {
  if (text.length > MAX_LENGTH) return refused([`${path} is longer than ${MAX_LENGTH} characters.`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: true, lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined) return refused([`${path} is no YAML: ${firstLine(syntax.message)}`]);
  const content: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  const parsed = settingsFileSchema.safeParse(content);
  const lineOf: LineOf = (at) => lineAt(document, lines, at);
  if (!parsed.success) return refused(parsed.error.issues.flatMap((issue) => describeIssue(issue, path, lineOf)));
  const builtIn = BUILT_IN_DIALECTS.map(({ name }) => name);
  const own = ownDialects(parsed.data.dialects ?? [], {
    lineOf: (place) => lineOf(['dialects', place]),
    builtIn,
    path,
  });
  const { owners = [], systems = {} } = parsed.data;
  const { problems: unowned, ...ownership } = readOwners({ owners, systems }, { lineOf, path });
  const named = readGroups(parsed.data.groups ?? [], { lineOf, path });
  const letters = readDeadLetterRules(parsed.data.dead_letters ?? NOTHING_DECLARED, { lineOf, path });
  const aims = readObjectives(parsed.data.objectives ?? { hops: [], flows: [], replies: [] }, { lineOf, path });
  const told = readFileReceivers(parsed.data.receivers ?? [], { lineOf, path });
  const watched = readAlerts(parsed.data.alerts ?? [], { lineOf, path });
  const found = searchFields(parsed.data.fields ?? {}, path);
  return {
    settings: parsed.data,
    dialects: own.dialects,
    fields: found.fields,
    groups: named.groups,
    deadLetters: letters.rules,
    ownership,
    objectives: aims.objectives,
    receivers: told.receivers,
    alertRules: watched.alerts,
    problems: [
      ...own.problems,
      ...found.problems,
      ...named.problems,
      ...letters.problems,
      ...unowned,
      ...aims.problems,
      ...told.problems,
      ...watched.problems,
    ],
  };
}

/** What a file that says nothing sets. */
export const NOTHING_SET: Omit<SettingsReading, 'problems'> = {
  settings: {},
  dialects: [],
  fields: [],
  groups: [],
  deadLetters: NO_DEAD_LETTER_RULES,
  ownership: { owners: [], systems: [] },
  objectives: NO_OBJECTIVES,
  receivers: [],
  alertRules: [],
};

function refused(problems: readonly string[]): SettingsReading {
  return { ...NOTHING_SET, problems };
}

/** The line in which a value of the file begins, of an entry with a key that of the key, counted from 1. */
function lineAt(document: Document, lines: LineCounter, at: readonly (string | number)[]): number {
  const holder = document.getIn(at.slice(0, -1), true);
  const key = isMap(holder)
    ? holder.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(at.at(-1)))?.key
    : null;
  const node = isNode(key) ? key : document.getIn(at, true);
  if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  return at.length === 0 ? 1 : lineAt(document, lines, at.slice(0, -1));
}

function describeIssue(issue: z.core.$ZodIssue, path: string, lineOf: LineOf): string[] {
  const place = issue.path.filter((key) => typeof key !== 'symbol');
  const at = place.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, keysAt(at));
      const remedy = near === null ? `Known here: ${keysAt(at).join(', ')}.` : `Did you mean "${near}"?`;
      return `${path}:${lineOf([...place, key])}: unknown key "${[...at, key].join('.')}". ${remedy}`;
    });
  }
  return [`${path}:${lineOf(place)}: "${at.join('.') || '(top)'}" ${issue.message}.`];
}

/** The keys the file may have at a place; indices in lists do not count. */
function keysAt(at: readonly string[]): string[] {
  const place = at.filter((key) => !/^\d+$/.test(key)).join('.');
  if (place === '') return Object.keys(settingsFileSchema.shape);
  if (place === 'flows') return [...FLOW_KEYS];
  if (place === 'flows.steps') return [...STEP_KEYS];
  if (place === 'objectives') return [...OBJECTIVES_KEYS];
  if (place === 'objectives.hops') return [...OBJECTIVE_KEYS.hops];
  if (place === 'objectives.flows') return [...OBJECTIVE_KEYS.flows];
  if (place === 'objectives.replies') return [...OBJECTIVE_KEYS.replies];
  if (place === 'groups') return [...GROUP_KEYS];
  if (place === 'dead_letters') return [...DEAD_LETTERS_KEYS];
  if (place === 'dead_letters.triage') return [...TRIAGE_KEYS];
  if (place === 'alerts') return [...RULE_KEYS];
  if (place === 'owners') return [...OWNER_KEYS];
  if (place === 'receivers') return [...RECEIVER_KEYS];
  if (place === 'topics') return Object.keys(topics.shape);
  if (place === 'retention') return Object.keys(retention.shape);
  if (place === 'dialects') return [...DIALECT_KEYS];
  return place === 'cluster' ? ['name'] : [];
}

/**
 * Why a text is no pattern for whole names of topics, as the end of a sentence. It is read in Unicode mode, and no name
 * that somebody gives a topic may hold up the tap.
 */
function patternTrouble(text: string): string | null {
  try {
    new RegExp(text, 'u');
  } catch {
    return 'is no regular expression';
  }
  const slow = slowPart(text, { anchored: true });
  return slow === null
    ? null
    : `${slow}: on some names that could take too long; write several simpler patterns, or use exclude`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
