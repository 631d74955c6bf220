/** What a field can hold, told apart as JSON Schema does: an `integer` has no fraction, a `number` has one. */
export const FIELD_TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;

export type FieldType = (typeof FIELD_TYPES)[number];

/** A set of field types: bit n stands for `FIELD_TYPES[n]`. */
export type TypeSet = number;

/** The set of one type. */
export function typeSetOf(type: FieldType): TypeSet {
  return 1 << FIELD_TYPES.indexOf(type);
}

/** The types of a set, in the order of `FIELD_TYPES`. */
export function typesIn(set: TypeSet): readonly FieldType[] {
  return FIELD_TYPES.filter((_, place) => (set & (1 << place)) !== 0);
}
