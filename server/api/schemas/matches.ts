/** Every property writable, all the way down: schemas infer mutable types, the wire types are readonly. */
type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Writable<T[Key]> }
    : T;

/** `true` when two types say the same, whoever may write; `never` otherwise, which no value satisfies. */
export type Matches<A, B> = [Writable<A>] extends [Writable<B>]
  ? [Writable<B>] extends [Writable<A>]
    ? true
    : never
  : never;
