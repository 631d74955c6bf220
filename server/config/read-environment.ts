import type { z } from 'zod';
import { editDistance, nearest } from '../model/nearest.ts';
import {
  type Environment,
  environmentSchema,
  VARIABLE_NAMES,
  type VariableName,
  variableFacts,
} from './environment.ts';
import { RECEIVER_VARIABLE } from './receivers.ts';

/** Environment variables as a process has them. */
export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a value came from: its variable, a secret's file, the configuration file, or a default. */
export type ValueSource = { readonly kind: 'env' | 'default' } | { readonly kind: 'file'; readonly path: string };

export interface EnvironmentReading {
  readonly values: Environment;
  readonly sources: Readonly<Partial<Record<VariableName, ValueSource>>>;
  /** One sentence per bad variable, each with its remedy. */
  readonly problems: readonly string[];
}

/** All ours, so an unknown name is a mistake. */
const OWN_PREFIXES = ['THROUGHLINE_', 'TAP_'];
/** Shared with other programs, so only a near miss is a mistake. */
const SHARED_PREFIXES = ['KAFKA_', 'SCHEMAREGISTRY_', 'SCHEMA_REGISTRY_', 'DATABASE_'];
const NEAR_MISS = 2;
/** Read by the test suites alone; a start from within a test must not trip over them. */
const TESTS_ONLY = /^THROUGHLINE_(CHROMIUM$|E2E_)/;

/**
 * Reads every variable of ours. An empty text counts as not set. `readFile` gives the text of a secret's file and may
 * throw. All problems are collected, so that one run shows them all.
 */
export function readEnvironment(env: RawEnvironment, readFile: (path: string) => string): EnvironmentReading {
  const values: Record<string, unknown> = {};
  const sources: Partial<Record<VariableName, ValueSource>> = {};
  const problems = unknownVariables(env);
  for (const name of VARIABLE_NAMES) {
    const given = findText(name, env, readFile);
    if (given === null) continue;
    if (given.problem !== undefined) {
      problems.push(given.problem);
      continue;
    }
    const parsed: z.ZodSafeParseResult<unknown> = environmentSchema[name].safeParse(given.text);
    if (parsed.success) {
      values[name] = parsed.data;
      sources[name] = given.source;
    } else {
      const reason = parsed.error.issues[0]?.message ?? 'is not understood';
      problems.push(`${name} ${reason}.${variableFacts(name).secret ? '' : ` It is ${quote(given.text)}.`}`);
    }
  }
  return { values, sources, problems };
}

type Given = { text: string; source: ValueSource; problem?: undefined } | { problem: string };

function findText(name: VariableName, env: RawEnvironment, readFile: (path: string) => string): Given | null {
  const text = env[name] || undefined;
  const path = variableFacts(name).secret ? env[`${name}_FILE`] || undefined : undefined;
  if (path === undefined) return text === undefined ? null : { text, source: { kind: 'env' } };
  if (text !== undefined) return { problem: `${name} and ${name}_FILE are both set. Unset one of them.` };
  try {
    return { text: readFile(path).replace(/\r?\n$/, ''), source: { kind: 'file', path } };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return {
      problem: `${name}_FILE names ${quote(path)}, which cannot be read (${why}). Correct the path or its permissions.`,
    };
  }
}

function unknownVariables(env: RawEnvironment): string[] {
  const known = new Set<string>(
    VARIABLE_NAMES.flatMap((name) => (variableFacts(name).secret ? [name, `${name}_FILE`] : [name])),
  );
  const problems: string[] = [];
  for (const name of Object.keys(env).sort()) {
    if (known.has(name) || !env[name] || TESTS_ONLY.test(name) || RECEIVER_VARIABLE.test(name)) continue;
    const near = nearest(name, known);
    if (OWN_PREFIXES.some((prefix) => name.startsWith(prefix))) {
      const remedy = near === null ? 'Unset it; docs/configuration.md lists all variables' : `Did you mean ${near}?`;
      problems.push(`${name} is not a variable of Throughline. ${remedy}${near === null ? '.' : ''}`);
    } else if (near !== null && isNearMiss(name, near)) {
      problems.push(`${name} is not read. Did you mean ${near}?`);
    }
  }
  return problems;
}

function isNearMiss(name: string, near: string): boolean {
  return SHARED_PREFIXES.some((prefix) => name.startsWith(prefix)) && editDistance(name, near) <= NEAR_MISS;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
