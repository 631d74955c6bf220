import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { printValue } from '../model/print-value.ts';
import { type CompiledSchema, compileSchema } from './compile-schema.ts';
import { findClauses } from './find-clauses.ts';
import { readJsonText } from './json-text.ts';
import { type BrokenSchema, readSchemaFile } from './schema-document.ts';
import { validate } from './validate-value.ts';

const FOLDER = path.join(import.meta.dirname, 'official-suite');
const META_SCHEMAS: Readonly<Record<string, string>> = {
  draft4: 'http://json-schema.org/draft-04/schema#',
  draft6: 'http://json-schema.org/draft-06/schema#',
  draft7: 'http://json-schema.org/draft-07/schema#',
  'draft2019-09': 'https://json-schema.org/draft/2019-09/schema',
  'draft2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

/** What we do not take on, by the reason that a person would read, and how many cases of the suite that leaves out. */
const REFUSED: readonly (readonly [RegExp, number])[] = [
  // Schemas of schemas, and files of the suite's own server: nothing is fetched.
  [/^it refers to “http.*, which no known schema file is$/, 29],
  // Which schema they mean depends on the way there. In a file of one address they are checked.
  [/^\$(dynamic|recursive)Ref cannot be checked in a file with several addresses; use \$ref$/, 59],
  // The validator would answer these wrongly.
  [/^unevaluated(Items|Properties) cannot be checked in a file that has “\w+”$/, 65],
  [/^a property called “__proto__” cannot be described$/, 14],
  // It fits nothing, which nobody means.
  [/enum must have non-empty array$/, 6],
];

/** Cases that are answered otherwise than the suite wants. */
const OTHERWISE: readonly string[] = [
  // The library's times are laxer than RFC 3339 in what may stand for a zone, and count seconds as a number.
  'draft2020-12/optional/format/date-time: validation of date-time strings: a numeric offset without minutes is invalid',
  'draft2020-12/optional/format/date-time: validation of date-time strings: hour 24 is invalid even with a leap second',
  'draft2020-12/optional/format/date-time: validation of date-time strings: a second fraction of fifteen nines is valid',
];

interface Case {
  readonly name: string;
  readonly draft: string;
  readonly data: Json;
  readonly valid: boolean;
  readonly schema: CompiledSchema | BrokenSchema;
}

function casesOf(file: string): Case[] {
  const [draft = ''] = file.split('/');
  return objectsOf(read(file)).flatMap((group) => {
    const schema = compile(group.schema ?? null, draft);
    return objectsOf(group.tests ?? null).map((test) => ({
      name: `${file.replace(/\.json$/, '')}: ${String(group.description)}: ${String(test.description)}`,
      draft,
      data: test.data ?? null,
      valid: test.valid === true,
      schema,
    }));
  });
}

/** With numbers as they are written: some cases are about those. */
function read(file: string): Json {
  const json = readJsonText(readFileSync(path.join(FOLDER, file), 'utf8'));
  if (json.kind === 'broken') throw new Error(`${file}, line ${json.line}: ${json.reason}`);
  return json.value;
}

function objectsOf(list: Json): readonly JsonObject[] {
  return Array.isArray(list) ? (list as readonly Json[]).filter(isJsonObject) : [];
}

function compile(schema: Json, draft: string): CompiledSchema | BrokenSchema {
  const whole =
    isJsonObject(schema) && !('$schema' in schema) ? { $schema: META_SCHEMAS[draft] ?? '', ...schema } : schema;
  const text = printValue(whole, 1_000_000).text;
  const document = readSchemaFile({ name: 'suite.json', text, origin: 'operator' });
  return document.kind === 'broken' ? document : compileSchema(document, new Map());
}

const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.json'))
  .sort();
const CASES = FILES.flatMap(casesOf);
const answered = CASES.flatMap((one) => (one.schema.kind === 'compiled' ? [{ ...one, schema: one.schema }] : []));

describe('the official test suite of JSON Schema', () => {
  it.each(Object.keys(META_SCHEMAS))('is answered as it wants for %s, apart from what is listed here', (draft) => {
    const cases = answered.filter((one) => one.draft === draft);
    const wrong = cases.filter(({ schema, data, valid }) => {
      const { kind } = validate(schema, { body: data, bytes: 10_000, exact: true });
      return kind !== (valid ? 'ok' : 'violation');
    });
    expect(wrong.map(({ name }) => name)).toEqual(OTHERWISE.filter((name) => name.startsWith(`${draft}/`)));
    expect(cases.length).toBeGreaterThan(150);
  });

  it('leaves out only schemas that are refused for a reason listed here', () => {
    const reasons = CASES.flatMap(({ schema }) => (schema.kind === 'broken' ? [schema.reason] : []));
    const left = reasons.filter((reason) => !REFUSED.some(([pattern]) => pattern.test(reason)));
    expect(left).toEqual([]);
    const counts = REFUSED.map(([pattern]) => [pattern, reasons.filter((reason) => pattern.test(reason)).length]);
    expect(counts).toEqual(REFUSED);
  });

  it('has each rule that a value breaks where the schema says it', () => {
    const lost: string[] = [];
    let found = 0;
    for (const { name, schema, data } of answered) {
      const verdict = validate(schema, { body: data, bytes: 10_000, exact: true });
      for (const error of verdict.kind === 'violation' ? verdict.errors : []) {
        const clauses = findClauses(schema.document, error, new Map());
        const wanted = error.schemaPath.replaceAll('%24', '$').replace(/\/false schema$/, '');
        if (clauses.some(({ pointer }) => `#${pointer}` === wanted)) found += 1;
        else lost.push(`${name}: ${error.path} ${error.rule} at ${wanted}`);
      }
    }
    expect(lost).toEqual([]);
    expect(found).toBeGreaterThan(1_000);
  });

  it('is answered with all faults of every value that does not fit', () => {
    for (const { name, schema, data } of answered) {
      const verdict = validate(schema, { body: data, bytes: 10_000, exact: true });
      if (verdict.kind === 'violation') expect([name, verdict.complete]).toEqual([name, true]);
    }
  });
});
