/** A hardened schema or a part of one, as the validator reads it. */
export interface SchemaNode {
  [keyword: string]: unknown;
}
