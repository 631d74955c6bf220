import type { Queryable } from '../transaction.ts';

/** Makes the partitions of a stored day before the first row of it. Outside a transaction, so that a rollback never leaves a day remembered that does not exist. */
export class StoredDays {
  /** The newest few days this process has seen made. */
  readonly #known: string[] = [];

  async ensure(client: Queryable, day: string): Promise<void> {
    if (this.#known.includes(day)) return;
    await client.query('select ensure_stored_day($1::date)', [day]);
    this.#known.push(day);
    if (this.#known.length > 8) this.#known.shift();
  }
}
