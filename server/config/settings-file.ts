import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { BUILT_IN_DIALECTS } from '../envelope/built-in/built-in-dialects.ts';
import { nearest } from '../model/nearest.ts';
import type { SearchField } from '../model/search-field.ts';
import { DIALECT_KEYS, dialectsSchema, type OwnDialect, ownDialects } from './own-dialects.ts';
import { fieldsSchema, searchFields } from './search-fields.ts';
import { byteSize, durationMs } from './value-schemas.ts';

/** Largest configuration file we read, in characters. */
const MAX_LENGTH = 1_000_000;

const pattern = z.string().refine(isPattern, 'is no regular expression');

const flow = z.strictObject({
  name: z.string().min(1).describe('What pages call the flow.'),
  starts_with: z.string().min(1).describe('Event type that begins it.'),
  ends_with: z.array(z.string().min(1)).default([]).describe('Event types that end it.'),
});

const topics = z.strictObject({
  include: z.array(pattern).optional().describe('Regular expressions; a topic must match one. Without it, all do.'),
  exclude: z.array(pattern).default([]).describe('Regular expressions; a topic that matches one is not read.'),
});

const retention = z.strictObject({
  payload: durationMs.optional().describe('How long keys, headers and values are kept; `7d` unless set.'),
  events: durationMs.optional().describe('How long events, hops and traces are kept; `30d` unless set.'),
  aggregates: durationMs.optional().describe('How long counts are kept, by whole months; `400d` unless set.'),
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
  flows: z.array(flow).max(1000).optional(),
  dialects: dialectsSchema.optional(),
  fields: fieldsSchema.optional(),
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
  if (!parsed.success) return refused(parsed.error.issues.flatMap((issue) => describeIssue(issue, path)));
  const lineOf = (place: number) => lineAt(document, lines, ['dialects', place]);
  const builtIn = BUILT_IN_DIALECTS.map(({ name }) => name);
  const own = ownDialects(parsed.data.dialects ?? [], { lineOf, builtIn, path });
  const found = searchFields(parsed.data.fields ?? {}, path);
  return {
    settings: parsed.data,
    dialects: own.dialects,
    fields: found.fields,
    problems: [...own.problems, ...found.problems],
  };
}

function refused(problems: readonly string[]): SettingsReading {
  return { settings: {}, dialects: [], fields: [], problems };
}

/** The line in which a value begins, counted from 1. */
function lineAt(document: Document, lines: LineCounter, at: readonly (string | number)[]): number {
  const node = document.getIn(at, true);
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
}

function describeIssue(issue: z.core.$ZodIssue, path: string): string[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, keysAt(at));
      const remedy = near === null ? `Known here: ${keysAt(at).join(', ')}.` : `Did you mean "${near}"?`;
      return `${path}: unknown key "${[...at, key].join('.')}". ${remedy}`;
    });
  }
  return [`${path}: "${at.join('.') || '(top)'}" ${issue.message}.`];
}

/** The keys the file may have at a place; indices in lists do not count. */
function keysAt(at: readonly string[]): string[] {
  const place = at.filter((key) => !/^\d+$/.test(key)).join('.');
  if (place === '') return Object.keys(settingsFileSchema.shape);
  if (place === 'flows') return Object.keys(flow.shape);
  if (place === 'topics') return Object.keys(topics.shape);
  if (place === 'retention') return Object.keys(retention.shape);
  if (place === 'dialects') return [...DIALECT_KEYS];
  return place === 'cluster' ? ['name'] : [];
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
