/** A schema that cannot be used. Thrown inside `schema` alone, and caught there: outside it is a `BrokenSchema`. */
export class BrokenSchemaError extends Error {
  readonly code = 'broken_schema';
  /** JSON pointer of what is wrong. */
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}
