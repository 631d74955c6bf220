/** Values by id that components listen to one by one: a tick draws anew only what it changes. */
export interface MapNumbers<Value> {
  readonly get: (id: string) => Value | undefined;
  readonly listen: (id: string, onChange: () => void) => () => void;
  /** Replaces all values, and tells those whose value is another one. */
  readonly set: (values: ReadonlyMap<string, Value>) => void;
}

/** @param same whether two values look the same */
export function createMapNumbers<Value>(same: (a: Value, b: Value) => boolean): MapNumbers<Value> {
  let values: ReadonlyMap<string, Value> = new Map();
  const listeners = new Map<string, Set<() => void>>();
  return {
    get: (id) => values.get(id),
    listen(id, onChange) {
      const mine = listeners.get(id) ?? new Set();
      listeners.set(id, mine.add(onChange));
      return () => {
        mine.delete(onChange);
        if (mine.size === 0) listeners.delete(id);
      };
    },
    set(next) {
      const before = values;
      // What looks the same stays the very same, so that whoever reads it sees no change.
      values = new Map([...next].map(([id, value]) => [id, kept(before.get(id), value)]));
      for (const [id, mine] of listeners) if (before.get(id) !== values.get(id)) for (const tell of mine) tell();
    },
  };

  function kept(old: Value | undefined, value: Value): Value {
    return old !== undefined && same(old, value) ? old : value;
  }
}
