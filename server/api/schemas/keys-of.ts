/** The keys of an object whose literal names all of them. */
export function keysOf<K extends string>(names: Readonly<Record<K, number>>): [K, ...K[]] {
  return Object.keys(names) as [K, ...K[]];
}
