import { pointerKeys, splitPointer } from '../model/json-pointer.ts';
import type { ClauseWire, SchemaName, SchemaSays, VersionBefore } from '../model/violation-wire.ts';
import { clauseLines, clauseText } from './clause-lines.ts';
import { compareSchemas, type SchemaComparison } from './compare-schemas.ts';
import type { CompiledSchema } from './compile-schema.ts';
import { ANY_KEY, ANY_PLACE, pathSegment } from './field-path.ts';
import { type BrokenRule, type Clause, findClauses } from './find-clauses.ts';
import { olderThan } from './same-line.ts';
import { fileAddress, type SchemaDocument } from './schema-document.ts';
import type { SchemaSet } from './schema-set.ts';

/** A rule of a schema that events break; without a rule only the version before is asked for. */
export interface AskedRule extends BrokenRule {
  /** The name of the schema. */
  readonly schema: string;
  /** As the schema writes it; null for one without. */
  readonly version: string | null;
}

/** Places of a rule, and changes since the version before, that one answer has. */
const MOST_CLAUSES = 3;
const MOST_CHANGES = 50;

/**
 * What the schemas of a set say of a rule that events break. Two versions are compared once, when they are first asked
 * for, which takes up to a second.
 * @returns a function that answers null for a schema that is not in the set
 */
export function createSchemaSays(set: SchemaSet): (asked: AskedRule) => SchemaSays | null {
  const documents: Map<string, SchemaDocument> = new Map();
  for (const { document } of set.schemas) {
    for (const address of [document.address, fileAddress(document.name)]) {
      if (!documents.has(address)) documents.set(address, document);
    }
  }
  // The version before a schema is always the same one.
  const compared = new Map<CompiledSchema, SchemaComparison>();
  const compare = (older: CompiledSchema, newer: CompiledSchema) => {
    const known = compared.get(newer) ?? compareSchemas(older.document.root, newer.document.root);
    compared.set(newer, known);
    return known;
  };
  return (asked) => {
    const schema = set.schemas.find((each) => isNamed(each, asked));
    if (schema === undefined) return null;
    const find = ({ document }: CompiledSchema) => (asked.rule === '' ? [] : findClauses(document, asked, documents));
    const clauses = find(schema);
    const older = olderThan(schema, set.schemas);
    return {
      schema: schemaName(schema.document),
      clauses: clauses.slice(0, MOST_CLAUSES).map((clause) => wireOf(clause, asked)),
      more_clauses: clauses.length > MOST_CLAUSES,
      before:
        older === null
          ? null
          : {
              schema: schemaName(older.document),
              was: textOf(find(older)),
              is: textOf(clauses),
              ...(isSamePart(older, schema) ? changesOf(compare(older, schema), asked, older) : OTHER_PART),
            },
    };
  };
}

function textOf([first]: readonly Clause[]): string | null {
  return first === undefined ? null : clauseText(first);
}

function isSamePart(a: CompiledSchema, b: CompiledSchema): boolean {
  return a.document.purpose.at.join(' ') === b.document.purpose.at.join(' ');
}

type Changes = Omit<VersionBefore, 'schema' | 'was' | 'is'>;

function changesOf(comparison: SchemaComparison, { path }: BrokenRule, { document }: CompiledSchema): Changes {
  const isHere = meets(path, document.purpose.at);
  const changes = comparison.changes.map(({ path: place, breaks, mayBreak, sentence }) => {
    return { path: place, breaks, may_break: mayBreak, sentence, is_here: isHere(place) };
  });
  return {
    backward: comparison.backward,
    forward: comparison.forward,
    changes: changes.sort((a, b) => Number(b.is_here) - Number(a.is_here)).slice(0, MOST_CHANGES),
    more_changes: comparison.hasMore || changes.length > MOST_CHANGES,
    other_part: false,
  };
}

const OTHER_PART: Changes = {
  ...{ backward: 'unknown', forward: 'unknown', changes: [], more_changes: false },
  other_part: true,
};

function isNamed({ document }: CompiledSchema, { schema, version }: AskedRule): boolean {
  return document.name === schema && document.purpose.versionText === version;
}

function schemaName({ name, title, origin, purpose }: SchemaDocument): SchemaName {
  return { name, title, version: purpose.versionText, origin };
}

function wireOf(clause: Clause, { path }: BrokenRule): ClauseWire {
  const { document, pointer } = clause;
  return {
    schema: schemaName(document),
    pointer,
    line: document.lineOf(pointer),
    lines: clauseLines(clause, splitPointer(path)?.key ?? null),
  };
}

/** Whether a path of a change, which begins at the part that a schema describes, is the place of an error. */
function meets(path: string, at: readonly string[]): (changed: string) => boolean {
  const part = at.find((pointer) => `${path}/`.startsWith(`${pointer}/`)) ?? '';
  const keys = pointerKeys(path.slice(part.length));
  return (changed) => {
    const segments = changed === '' ? [] : changed.slice(1).split('/');
    return (
      segments.length === keys.length &&
      segments.every((segment, i) => [ANY_PLACE, ANY_KEY, pathSegment(keys[i] ?? '')].includes(segment))
    );
  };
}
