import { type ParseArgsConfig, parseArgs } from 'node:util';
import { z } from 'zod';
import { nearest } from '../../model/nearest.ts';

/** Which readers must go on when a schema changes: new ones of old events, old ones of new events, both, or none. */
export const COMPATIBILITIES = ['backward', 'forward', 'full', 'none'] as const;
export type Compatibility = (typeof COMPATIBILITIES)[number];

/** What stands after `throughline check`. */
export interface CheckOptions {
  /** Sample events: files, folders, `-` for the standard input. */
  readonly paths: readonly string[];
  /** Folders of schemas, before the built-in ones. */
  readonly schemas: readonly string[];
  /** `throughline.yaml`, for its dialects. */
  readonly config: string | null;
  /** The topic of samples that name none. */
  readonly topic: string | null;
  /** Nothing is a record with its topic: every sample is a value. */
  readonly bodies: boolean;
  /** Events that nothing describes fail. */
  readonly requireSchema: boolean;
  /** The new version of a schema that is compared; null when events alone are checked. */
  readonly schema: string | null;
  /** The version before; null for the one that is known. */
  readonly against: string | null;
  readonly compatibility: Compatibility;
  /** What is not known counts as compatible. */
  readonly allowUnknown: boolean;
  /** A running Throughline whose newest events of the schema's types are held against it. */
  readonly url: URL | null;
  readonly last: number;
  readonly json: boolean;
  /** Failures, reasons and changes that are listed, of each. */
  readonly limit: number;
}

export type CheckOptionsResult =
  | { readonly kind: 'options'; readonly options: CheckOptions }
  | { readonly kind: 'help' }
  /** One sentence each, with its remedy. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

const OPTIONS = {
  schemas: { type: 'string', multiple: true },
  config: { type: 'string' },
  topic: { type: 'string' },
  bodies: { type: 'boolean' },
  'require-schema': { type: 'boolean' },
  schema: { type: 'string' },
  against: { type: 'string' },
  compatibility: { type: 'string' },
  'allow-unknown': { type: 'boolean' },
  url: { type: 'string' },
  last: { type: 'string' },
  json: { type: 'boolean' },
  limit: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

const ONLY_WITH_SCHEMA = ['against', 'compatibility', 'allow-unknown', 'url', 'last'] as const;

const count = (most: number, standard: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `is a number from 1 to ${most}`)
    .default(String(standard))
    .transform(Number)
    .refine((number) => number >= 1 && number <= most, `is a number from 1 to ${most}`);

const flag = z.boolean().default(false);
const text = z.string().min(1).nullable().default(null);

/** What the texts mean. */
const VALUES = z.object({
  schemas: z.array(z.string()).default([]),
  config: text,
  topic: text,
  bodies: flag,
  'require-schema': flag,
  schema: text,
  against: text,
  compatibility: z.enum(COMPATIBILITIES, `is one of ${COMPATIBILITIES.join(', ')}`).default('backward'),
  'allow-unknown': flag,
  url: z
    .string()
    .refine(isOrigin, 'is the address of a running Throughline, such as http://127.0.0.1:3000, without a user in it')
    .transform((given) => new URL(new URL(given).origin))
    .nullable()
    .default(null),
  last: count(1_000, 100),
  json: flag,
  limit: count(10_000, 100),
});

/** Reads the arguments. */
export function readCheckOptions(args: readonly string[]): CheckOptionsResult {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (values.help === true) return { kind: 'help' };
  const malformed = tokens.flatMap((token) => (token.kind === 'option' ? tokenProblem(token) : []));
  if (malformed.length > 0) return { kind: 'problems', problems: malformed };
  const parsed = VALUES.safeParse(values);
  const problems = [
    ...(parsed.error?.issues.map(({ path, message }) => `--${String(path[0])} ${message}.`) ?? []),
    ...contradictions(Object.keys(values), positionals),
  ];
  if (!parsed.success || problems.length > 0) return { kind: 'problems', problems };
  const { 'require-schema': requireSchema, 'allow-unknown': allowUnknown, ...rest } = parsed.data;
  return { kind: 'options', options: { ...rest, paths: positionals, requireSchema, allowUnknown } };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function tokenProblem({ name, rawName, value }: OptionToken): string[] {
  if (!Object.hasOwn(OPTIONS, name)) return [unknownOption(rawName)];
  const { type } = OPTIONS[name as keyof typeof OPTIONS];
  if (type === 'string') return value === undefined || value === '' ? [`${rawName} needs a value.`] : [];
  return value === undefined ? [] : [`${rawName} takes no value.`];
}

function contradictions(given: readonly string[], paths: readonly string[]): string[] {
  const problems: string[] = [];
  if (!given.includes('schema')) {
    for (const name of ONLY_WITH_SCHEMA) {
      if (given.includes(name)) problems.push(`--${name} goes with --schema, which names the new version of a schema.`);
    }
    if (paths.length === 0 && !given.includes('schemas')) {
      problems.push('Name files or folders of sample events, or a new version of a schema with --schema.');
    }
  }
  if (paths.filter((path) => path === '-').length > 1) problems.push('The standard input, “-”, is read once.');
  return problems;
}

function unknownOption(name: string): string {
  const all = Object.keys(OPTIONS).map((option) => `--${option}`);
  const near = nearest(name, all);
  return `${name} is no option of check. ${near === null ? `They are ${all.join(', ')}.` : `Did you mean ${near}?`}`;
}

/** What stands behind the host is left out, so nothing secret can be in what is shown. */
function isOrigin(given: string): boolean {
  if (!URL.canParse(given)) return false;
  const { protocol, username, password } = new URL(given);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

export const CHECK_HELP = `Usage:
  throughline check <file or folder>…                  do these sample events fit their schemas?
  throughline check --schema <new> [<file or folder>…] is this version compatible with the one before, and with these events?
  throughline check --schemas <folder>                 can these schemas be used?

Sample events are .json (one event, or a list of them), .ndjson and .jsonl (one a line), or “-” for lines on the standard
input: bare values, records of kcat -J, events of Throughline's API, or {"topic", "headers", "value"}.

  --schemas <folder>       schemas beside the built-in ones; again for more folders
  --config <file>          throughline.yaml, for its dialects
  --topic <name>           the topic of samples that name none
  --bodies                 every sample is a value, also when it looks like a record
  --require-schema         events without a schema fail

  --schema <file>          the new version of a schema
  --against <file>         the version before; without it the one that is known for the same events
  --compatibility <which>  what has to hold: backward (new readers read old events; the default), forward (old readers read
                           new events), full (both) or none (only the events count)
  --allow-unknown          pass where neither a proof nor an example was found
  --url <address>          hold the newest events of a running Throughline against it, too
  --last <number>          how many of each event type (100, at most 1000)

  --json                   a report for machines (docs/check.md)
  --limit <number>         how many failures are listed (100)

Ends with 0 when all is well, 1 when an event or a version is not, 2 when something could not be read or used.`;
