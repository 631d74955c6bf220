import type { PoolClient } from 'pg';
import { transactionOn } from '../transaction.ts';

/** True for the key of a group that exists by itself; what has none is counted with the rest of its family. */
export type HasOwnGroup = (key: string) => boolean;

/** A group that an event would have by itself. */
export interface WantedGroup {
  readonly key: string;
  /** The stored day of the event. */
  readonly day: string;
}

/** Keys of groups that a process remembers; it begins anew when there are more. */
const MOST_KNOWN = 50_000;
/** Families of which a process remembers that they are full. */
const MOST_FULL = 10_000;

/**
 * Remembers which groups have been admitted: the first of each family, whoever comes first. What is known of groups and
 * families is asked again every day: a group that expired makes room, and is none any more.
 */
export class BoundedGroups<Group extends WantedGroup> {
  readonly #known = new Set<string>();
  readonly #full = new Set<string>();
  readonly #familyOf: (group: Group) => string;
  #day = '';

  /** @param familyOf names what bounds how many groups there are; asked of those alone that are not known yet */
  constructor(familyOf: (group: Group) => string) {
    this.#familyOf = familyOf;
  }

  /**
   * Finds which groups there are, and makes those that are missing by `admit`, in a transaction of its own, as far as there is
   * room; it answers the keys of those that there are then. Call it outside any transaction.
   */
  async resolve(
    client: PoolClient,
    groups: readonly Group[],
    admit: (wanted: readonly Group[]) => Promise<readonly string[]>,
  ): Promise<HasOwnGroup> {
    this.#beginDay(groups);
    const own = new Set<string>();
    const missing = new Map<string, Group>();
    for (const group of groups) {
      if (this.#known.has(group.key)) own.add(group.key);
      else if (!missing.has(group.key)) missing.set(group.key, group);
    }
    if (missing.size === 0) return (key) => own.has(key);
    if (this.#full.size > MOST_FULL) this.#full.clear();
    if (this.#known.size > MOST_KNOWN) this.#known.clear();
    const wanted = [...missing.values()].filter((group) => !this.#full.has(this.#familyOf(group)));
    const keys = wanted.length === 0 ? [] : await transactionOn(client, () => admit(wanted));
    for (const key of keys) {
      this.#known.add(key);
      own.add(key);
    }
    for (const group of wanted) if (!own.has(group.key)) this.#full.add(this.#familyOf(group));
    return (key) => own.has(key);
  }

  #beginDay(groups: readonly Group[]): void {
    const newest = [this.#day, ...new Set(groups.map(({ day }) => day))].sort().at(-1) ?? '';
    if (newest === this.#day) return;
    this.#day = newest;
    this.#known.clear();
    this.#full.clear();
  }
}
