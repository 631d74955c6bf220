/** What stays of a type when its optional properties are absent rather than undefined. */
type Present<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** An object without the properties that are undefined: absent means something else than given. */
export function present<T extends object>(given: T): Present<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
}
