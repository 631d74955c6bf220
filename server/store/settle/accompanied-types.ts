import type { PoolClient } from 'pg';

/** Most types that a process remembers; beyond that all are let go: the table has them. */
const MOST_REMEMBERED = 50_000;

/** Event types that were seen with another event in one trace. Rows are only ever added, so a known one stays known. */
export class AccompaniedTypes {
  readonly #workspaceId: number;
  readonly #known = new Set<number>();

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Adds what is not known yet, in the settling transaction. Answers what to do after the commit. */
  async add(client: PoolClient, types: ReadonlySet<number>): Promise<() => void> {
    const fresh = [...types].filter((type) => !this.#known.has(type));
    if (fresh.length === 0) return () => {};
    await client.query({ name: 'mark-accompanied', text: ADD, values: [this.#workspaceId, fresh] });
    return () => {
      if (this.#known.size + fresh.length > MOST_REMEMBERED) this.#known.clear();
      for (const type of fresh) this.#known.add(type);
    };
  }
}

const ADD = `
  insert into accompanied_type (workspace_id, type_id)
  select $1, t from unnest($2::int[]) as t
  where not exists (select from accompanied_type where workspace_id = $1 and type_id = t)
  order by t on conflict do nothing`;
