import type { Pool } from 'pg';

interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** A statement and how it would be answered, where an index is preferred at any price. */
export interface Planned {
  readonly text: string;
  /** The tables that it would read from end to end all the same. */
  readonly whole: readonly string[];
  /** How each index would be used: `Index Only Scan trace_prefix`. */
  readonly indexes: readonly string[];
  /** The indexes that it would walk from end to end. */
  readonly walked: readonly string[];
}

export interface Plans {
  /** Runs `work`; every statement that it asks of any connection of the pool, planned: tables that `growing` names alone. */
  of(work: () => Promise<unknown>, growing: RegExp): Promise<Planned[]>;
  planOf(statement: Asked, growing: RegExp): Promise<Planned>;
}

/** Notes what is asked of the pool from here on. Statistics must be there before (`analyze`). */
export function notePlans(pool: Pool): Plans {
  let asked: Asked[] = [];
  pool.on('acquire', (client) => {
    if (Object.hasOwn(client, 'query')) return;
    const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
    const noting = (...args: unknown[]): unknown => {
      const [first, values] = args;
      const statement = typeof first === 'string' ? { text: first, values } : (first as Asked);
      if (/^[\s(]*(select|with|update|insert|delete)/i.test(statement.text))
        asked.push({ text: statement.text, values: (statement.values as unknown[] | undefined) ?? [] });
      return ask(...args);
    };
    Object.defineProperty(client, 'query', { value: noting, configurable: true });
  });

  async function planOf({ text, values }: Asked, growing: RegExp): Promise<Planned> {
    const client = await pool.connect();
    try {
      await client.query('begin; set local enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (format json) ${text}`, [
        ...values,
      ]);
      const whole: string[] = [];
      const indexes: string[] = [];
      const walked: string[] = [];
      const visit = (node: PlanNode): void => {
        if (node['Node Type'] === 'Seq Scan') whole.push(node['Relation Name'] ?? '');
        if (node['Index Name'] !== undefined) indexes.push(`${node['Node Type']} ${node['Index Name']}`);
        if (node['Index Name'] !== undefined && node['Index Cond'] === undefined) walked.push(node['Index Name']);
        for (const below of node.Plans ?? []) visit(below);
      };
      for (const row of rows) visit(row['QUERY PLAN'][0].Plan);
      return { text, whole: whole.filter((table) => growing.test(table)), indexes, walked };
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  return {
    async of(work, growing) {
      asked = [];
      await work();
      const statements = asked;
      const planned: Planned[] = [];
      for (const statement of statements) planned.push(await planOf(statement, growing));
      return planned;
    },
    planOf,
  };
}
