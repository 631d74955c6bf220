import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { pointerKeys, pointerStep } from '../model/json-pointer.ts';
import { refStandsAlone } from './drafts.ts';
import { ANY_PLACE } from './field-path.ts';
import { compilePattern } from './linear-pattern.ts';
import { lookUp } from './look-up.ts';
import { ReferenceTargets } from './reference-targets.ts';
import { resolveAddress, type SchemaDocument } from './schema-document.ts';

/** A rule where it stands. */
export interface Clause {
  readonly document: SchemaDocument;
  /** JSON pointer to the keyword; for what may not be there at all, to the `false` that says so. */
  readonly pointer: string;
}

/** What an error says of itself. */
export interface BrokenRule {
  /** JSON pointer from the root of the body; `*` stands for any place of a list. */
  readonly path: string;
  /** The keyword. */
  readonly rule: string;
}

/** Schemas by their addresses. */
export type Documents = ReadonlyMap<string, SchemaDocument>;

/** Schemas looked at for one answer, and patterns tried: what is beyond is not found. */
const MOST_PLACES = 1_000;
const MOST_PATTERNS = 50;

/**
 * Where in a schema a rule stands that a body breaks at a path: all places that hold there, through references and
 * branches, in the order of the schema. Which branch a body was held against is not known from its path alone, so there
 * may be several; none where the path leads out of what is known. Never throws.
 */
export function findClauses(schema: SchemaDocument, broken: BrokenRule, documents: Documents): readonly Clause[] {
  const keys = pointerKeys(broken.path);
  for (const at of schema.purpose.at) {
    const above = pointerKeys(at);
    if (above.length > keys.length || above.some((key, i) => key !== keys[i])) continue;
    const search = new Search(documents);
    const found = search.find({ document: schema, pointer: '' }, keys.slice(above.length), broken.rule);
    if (found.length > 0) return found;
    // The part itself is missing.
    if (above.length === keys.length && broken.rule === 'required') {
      return [{ document: schema, pointer: '/x-throughline/at' }];
    }
  }
  return [];
}

/** Rules that stand one step above what they are about, and whether one is about a key. */
const ABOVE: Readonly<Record<string, (value: Json, key: string, holder: JsonObject) => boolean>> = {
  required: (value, key) => Array.isArray(value) && value.includes(key),
  dependentRequired: asksFor,
  dependencies: asksFor,
  additionalProperties: (_, key, holder) => !isNamed(holder, key),
  unevaluatedProperties: (_, key, holder) => !isNamed(holder, key),
};

function asksFor(value: Json, key: string): boolean {
  return isJsonObject(value) && Object.values(value).some((list) => Array.isArray(list) && list.includes(key));
}

function isNamed(holder: JsonObject, key: string): boolean {
  const named = ownValue(holder, 'properties');
  return isJsonObject(named) && Object.hasOwn(named, key);
}

const LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const MAPS = ['dependentSchemas', 'dependencies'] as const;
const INDEX = /^(?:0|[1-9]\d{0,9})$/;

class Search {
  readonly #documents: Documents;
  readonly #targets = new Map<SchemaDocument, ReferenceTargets>();
  #left = MOST_PLACES;
  #patterns = MOST_PATTERNS;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  find(root: Clause, keys: readonly string[], rule: string): readonly Clause[] {
    let holders: readonly Clause[] = [];
    let here = this.#inPlace([root]);
    for (const key of keys) {
      holders = here;
      here = this.#inPlace(here.flatMap((place) => this.#step(place, key)));
    }
    const key = keys.at(-1);
    const found = [
      ...(key === undefined || !Object.hasOwn(ABOVE, rule) ? [] : holders.filter((place) => isAbout(place, rule, key))),
      ...here.filter((place) => hasRule(place, rule)),
      ...(key === undefined ? [] : this.#inPlace(holders.flatMap(namesOf)).filter((place) => hasRule(place, rule))),
    ].map((place) => (schemaAt(place) === false ? place : below(place, rule)));
    return [...new Map(found.map((clause) => [placeKey(clause), clause])).values()];
  }

  /** Places, and all that hold for the same value: what they refer to, and their branches. */
  #inPlace(places: readonly Clause[]): readonly Clause[] {
    const found = new Map<string, Clause>();
    const open = [...places];
    for (let place = open.shift(); place !== undefined && this.#left > 0; place = open.shift()) {
      const key = placeKey(place);
      if (found.has(key)) continue;
      this.#left -= 1;
      found.set(key, place);
      open.unshift(...this.#branchesOf(place));
    }
    return [...found.values()];
  }

  #branchesOf(place: Clause): readonly Clause[] {
    const value = schemaAt(place);
    if (!isJsonObject(value)) return [];
    const led = ['$ref', '$dynamicRef', '$recursiveRef'].flatMap((key) => this.#target(place, ownValue(value, key)));
    if (refStandsAlone(place.document.draft) && typeof ownValue(value, '$ref') === 'string') return led;
    const branches = LISTS.flatMap((key) => {
      const list = ownValue(value, key);
      return Array.isArray(list) ? list.map((_, i) => below(below(place, key), String(i))) : [];
    });
    const cases = ['then', 'else'].flatMap((key) => (Object.hasOwn(value, key) ? [below(place, key)] : []));
    const dependent = MAPS.flatMap((key) => {
      const map = ownValue(value, key);
      return isJsonObject(map) ? Object.keys(map).map((name) => below(below(place, key), name)) : [];
    });
    return [...led, ...branches, ...cases, ...dependent];
  }

  #target({ document, pointer }: Clause, reference: Json | undefined): readonly Clause[] {
    const own = this.#targetsOf(document);
    const address = typeof reference === 'string' ? resolveAddress(reference, own.baseAt(pointer)) : null;
    if (address === null) return [];
    const here = own.pointerOf(address);
    if (here !== null) return [{ document, pointer: here }];
    const other = this.#documents.get(address.document);
    const there =
      other === undefined ? null : this.#targetsOf(other).pointerOf({ ...address, document: other.address });
    return other === undefined || there === null ? [] : [{ document: other, pointer: there }];
  }

  #targetsOf(document: SchemaDocument): ReferenceTargets {
    const known = this.#targets.get(document) ?? new ReferenceTargets(document);
    this.#targets.set(document, known);
    return known;
  }

  /** The schemas that a place has for one key of an object, or one place of a list. */
  #step(place: Clause, key: string): readonly Clause[] {
    const value = schemaAt(place);
    if (!isJsonObject(value)) return [];
    const named = isNamed(value, key) ? [below(below(place, 'properties'), key)] : [];
    const matching = this.#byPattern(place, value, key);
    const rest = named.length + matching.length > 0 ? [] : ['additionalProperties', 'unevaluatedProperties'];
    return [
      ...named,
      ...matching,
      ...rest.flatMap((rule) => (Object.hasOwn(value, rule) ? [below(place, rule)] : [])),
      ...(key === ANY_PLACE ? allItemsOf(place, value) : INDEX.test(key) ? itemsOf(place, value, Number(key)) : []),
    ];
  }

  #byPattern(place: Clause, value: JsonObject, key: string): readonly Clause[] {
    const patterns = ownValue(value, 'patternProperties');
    if (!isJsonObject(patterns)) return [];
    return Object.keys(patterns).flatMap((source) => {
      this.#patterns -= 1;
      const pattern = this.#patterns < 0 ? null : compilePattern(source);
      return pattern?.ok === true && pattern.engine.test(key) ? [below(below(place, 'patternProperties'), source)] : [];
    });
  }
}

/** What a list has for any of its places. */
function allItemsOf(place: Clause, value: JsonObject): readonly Clause[] {
  const lists = ['prefixItems', 'items'].map((name) => ownValue(value, name));
  const first = Math.max(0, ...lists.map((list) => (Array.isArray(list) ? list.length : 0)));
  return Array.from({ length: first + 1 }, (_, index) => itemsOf(place, value, index)).flat();
}

function itemsOf(place: Clause, value: JsonObject, index: number): readonly Clause[] {
  const first = ['prefixItems', 'items'].find((name) => Array.isArray(ownValue(value, name)));
  const list = first === undefined ? undefined : ownValue(value, first);
  if (first !== undefined && Array.isArray(list) && index < list.length) {
    return [below(below(place, first), String(index))];
  }
  return (first === 'items' ? ['additionalItems', 'unevaluatedItems'] : ['items', 'unevaluatedItems']).flatMap(
    (name) => (Object.hasOwn(value, name) ? [below(place, name)] : []),
  );
}

function isAbout(place: Clause, rule: string, key: string): boolean {
  const value = schemaAt(place);
  const said = isJsonObject(value) ? ownValue(value, rule) : undefined;
  return isJsonObject(value) && said !== undefined && (ABOVE[rule]?.(said, key, value) ?? false);
}

function hasRule(place: Clause, rule: string): boolean {
  const value = schemaAt(place);
  if (value === false) return rule === 'false schema';
  return isJsonObject(value) && Object.hasOwn(value, rule) && !Object.hasOwn(ABOVE, rule);
}

function namesOf(place: Clause): readonly Clause[] {
  const value = schemaAt(place);
  return isJsonObject(value) && Object.hasOwn(value, 'propertyNames') ? [below(place, 'propertyNames')] : [];
}

function schemaAt({ document, pointer }: Clause): Json | undefined {
  return lookUp(document.root, pointerKeys(pointer));
}

function below({ document, pointer }: Clause, key: string): Clause {
  return { document, pointer: pointer + pointerStep(key) };
}

function placeKey({ document, pointer }: Clause): string {
  return `${document.address}#${pointer}`;
}
