import type { Queryable } from '../transaction.ts';

/** Something with the digest that tells it from all others. */
export interface Digested<T> {
  readonly thing: T;
  readonly digest: Buffer;
}

/** Where things get their ids. */
export interface ObjectTable<T> {
  /** With columns `id`, `workspace_id` and `digest`. */
  readonly table: 'resolution' | 'schema';
  /** Most that a process remembers; those that were loaded longest ago leave first. */
  readonly most: number;
  /** What a thing is known by. */
  readonly digestOf: (thing: T) => Buffer;
}

/**
 * Things as small ids. The pipeline hands over the same object for the same thing, so nearly every look-up is by identity.
 * As with names, an id is remembered only once the statement that made it has committed.
 */
export class ObjectIds<T extends object> {
  readonly #workspaceId: number;
  readonly #table: ObjectTable<T>;
  readonly #ids = new Map<T, number>();

  constructor(workspaceId: number, table: ObjectTable<T>) {
    this.#workspaceId = workspaceId;
    this.#table = table;
  }

  /**
   * Finds or makes every one of them.
   * @param insert makes those that are missing in the table; they come in one order for all writers: concurrent inserts of
   *   the same rows wait for each other and never deadlock
   * @returns the id of a thing that was resolved; throws for any other
   */
  async resolve(
    client: Queryable,
    things: ReadonlySet<T>,
    insert: (wanted: readonly Digested<T>[]) => Promise<unknown>,
  ): Promise<(thing: T) => number> {
    // Taken along here: what is remembered next, also for others meanwhile, may push them out.
    const found = new Map<T, number>();
    const missing: T[] = [];
    for (const thing of things) {
      const id = this.#ids.get(thing);
      if (id === undefined) missing.push(thing);
      else found.set(thing, id);
    }
    if (missing.length > 0) await this.#load(client, missing, { insert, found });
    return (thing) => {
      const id = found.get(thing);
      if (id === undefined) throw new Error(`${this.#table.table} was not resolved`);
      return id;
    };
  }

  async #load(
    client: Queryable,
    missing: readonly T[],
    into: { readonly insert: (wanted: readonly Digested<T>[]) => Promise<unknown>; readonly found: Map<T, number> },
  ): Promise<void> {
    const wanted = missing.map((thing) => ({ thing, digest: this.#table.digestOf(thing) }));
    wanted.sort((a, b) => Buffer.compare(a.digest, b.digest));
    await into.insert(wanted);
    const digests = wanted.map(({ digest }) => digest);
    const { rows } = await client.query<{ place: number; id: number }>(
      `select w.place::int, t.id from unnest($2::bytea[]) with ordinality as w(digest, place)
       join ${this.#table.table} t on t.workspace_id = $1 and t.digest = w.digest`,
      [this.#workspaceId, digests],
    );
    for (const { place, id } of rows) {
      const entry = wanted[place - 1];
      if (entry === undefined) continue;
      into.found.set(entry.thing, id);
      this.#remember(entry.thing, id);
    }
  }

  #remember(thing: T, id: number): void {
    this.#ids.set(thing, id);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > this.#table.most && oldest !== undefined) this.#ids.delete(oldest);
  }
}
