import type { Json, JsonObject } from '../model/json.ts';
import type { SchemaDocument } from './compared-document.ts';
import type { TypeSet } from './field-types.ts';

/** A schema somewhere in a document. */
export interface SchemaNode {
  readonly id: number;
  readonly schema: JsonObject | boolean;
  readonly document: SchemaDocument;
}

/** What a limit measures: a number itself, a text's code points, a list's items, an object's fields. */
export type Measure = 'value' | 'length' | 'items' | 'fields';

/** Fields by name, by pattern of the name, and all others. What is null or not named has no rule. */
export interface FieldRules {
  readonly kind: 'fields';
  readonly named: ReadonlyMap<string, SchemaNode>;
  readonly patterns: readonly (readonly [source: string, node: SchemaNode])[];
  readonly rest: SchemaNode | null;
}

/** Items by their place, and all further ones. */
export interface ItemRules {
  readonly kind: 'items';
  readonly first: readonly SchemaNode[];
  readonly rest: SchemaNode | null;
}

export interface Limit {
  readonly kind: 'least' | 'most';
  readonly of: Measure;
  readonly limit: number | bigint;
  readonly exclusive: boolean;
}

/**
 * One rule of a schema, whatever the draft it was written in. A schema is a list of rules that all have to hold; one that
 * speaks of a type holds for values of all others.
 */
export type Rule =
  | { readonly kind: 'never' }
  | { readonly kind: 'types'; readonly types: TypeSet }
  | { readonly kind: 'values'; readonly values: readonly Json[] }
  | Limit
  | { readonly kind: 'multiple'; readonly of: number }
  | { readonly kind: 'pattern'; readonly source: string }
  | { readonly kind: 'format'; readonly name: string }
  | { readonly kind: 'required'; readonly names: readonly string[] }
  | FieldRules
  | ItemRules
  | { readonly kind: 'unique items' }
  | { readonly kind: 'names'; readonly node: SchemaNode }
  | { readonly kind: 'any of' | 'one of'; readonly branches: readonly SchemaNode[] }
  | { readonly kind: 'not'; readonly node: SchemaNode }
  | {
      readonly kind: 'condition';
      readonly when: SchemaNode;
      readonly then: SchemaNode | null;
      readonly otherwise: SchemaNode | null;
    }
  /**
   * A rule that is not understood. Without `text` nothing is like it; with one, the rule of the other document is the
   * same when its keyword and text are, and all that the text refers to.
   */
  | { readonly kind: 'other'; readonly keyword: string; readonly text: Json | null; readonly node: SchemaNode };

/** A rule with an identity: the same rule of the same document has the same number. */
export interface Atom {
  readonly id: number;
  readonly rule: Rule;
}

/** An answer that may be wanting: `yes` and `no` are certain. */
export type Verdict = 'yes' | 'no' | 'unknown';
