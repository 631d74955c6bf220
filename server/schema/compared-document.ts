import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { draftOf as namedDraft } from './drafts.ts';
import { lookUp } from './look-up.ts';

/** Drafts told apart; `null` where a document does not say: it is then read as the newest, or as its words need. */
export type Draft = 4 | 6 | 7 | 2019 | 2020 | null;

export interface SchemaDocument {
  readonly root: JsonObject | boolean;
  readonly draft: Draft;
  /** The schema that a `$ref` leads to; undefined when it leads out of the document, or nowhere. */
  resolve(reference: string): JsonObject | boolean | undefined;
}

/** Why two schemas could not be compared in full. */
export type Undecided =
  | 'no schema'
  | 'unknown draft'
  | 'too large'
  | 'too deep'
  | 'too much work'
  | 'outside reference'
  | 'rule not understood'
  | 'not proven';

/** Values of one document, and how deep they may lie: the comparison recurses. */
const MOST_SCHEMA_VALUES = 20_000;
const MOST_SCHEMA_DEPTH = 100;

/** Keywords whose value is data. */
const DATA = new Set(['enum', 'const', 'default', 'examples']);

/** Drafts as numbers, which tell older from newer. */
const NUMBERS = { '4': 4, '6': 6, '7': 7, '2019-09': 2019, '2020-12': 2020 } as const;

/** A document ready to be compared, or why it cannot be. */
export function readDocument(root: Json): SchemaDocument | Undecided {
  if (typeof root !== 'boolean' && !isJsonObject(root)) return 'no schema';
  const draft = draftOf(root);
  if (draft === undefined) return 'unknown draft';
  const shape = lookOver(root, draft);
  if (typeof shape === 'string') return shape;
  return { root, draft, resolve: (reference) => resolveIn(root, draft, shape.bases, reference) };
}

function draftOf(root: JsonObject | boolean): Draft | undefined {
  const uri = typeof root === 'boolean' ? undefined : ownValue(root, '$schema');
  if (uri === undefined) return null;
  const named = typeof uri === 'string' && /^https?:/.test(uri) ? namedDraft(uri) : null;
  return named === null ? undefined : NUMBERS[named];
}

/** Bounds, and whether a part of the document has a base of its own, to which its references would be relative. */
function lookOver(root: Json, draft: Draft): { readonly bases: boolean } | 'too large' | 'too deep' {
  let values = 0;
  let bases = false;
  const open: { readonly value: Json; readonly depth: number; readonly isData: boolean }[] = [
    { value: root, depth: 0, isData: false },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth, isData } = next;
    values += 1;
    if (values > MOST_SCHEMA_VALUES) return 'too large';
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MOST_SCHEMA_DEPTH) return 'too deep';
    if (!isData && depth > 0 && isJsonObject(value) && hasBase(value, draft)) bases = true;
    for (const [key, child] of Object.entries(value)) {
      if (open.length > MOST_SCHEMA_VALUES) return 'too large';
      open.push({ value: child, depth: depth + 1, isData: isData || DATA.has(key) });
    }
  }
  return { bases };
}

function hasBase(schema: JsonObject, draft: Draft): boolean {
  const isId = (key: string) => typeof ownValue(schema, key) === 'string';
  return isId('$id') || ((draft === 4 || draft === null) && isId('id'));
}

function resolveIn(
  root: JsonObject | boolean,
  draft: Draft,
  bases: boolean,
  reference: string,
): JsonObject | boolean | undefined {
  const id = typeof root === 'boolean' ? undefined : ownValue(root, draft === 4 ? 'id' : '$id');
  const base = typeof id === 'string' ? id.replace(/#$/, '') : '';
  const local = base !== '' && reference.startsWith(`${base}#`) ? reference.slice(base.length) : reference;
  if (bases || !(local === '#' || local.startsWith('#/'))) return undefined;
  const keys = local.split('/').slice(1).map(unescapeSegment);
  const at = keys.every((key) => key !== null) ? lookUp(root, keys) : undefined;
  return typeof at === 'boolean' || isJsonObject(at) ? at : undefined;
}

function unescapeSegment(segment: string): string | null {
  if (/~(?![01])/.test(segment)) return null;
  try {
    return decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
