import { readdirSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';

/** Ticks of a second in /proc: fixed by the kernel's interface. */
const TICKS_PER_S = 100;

/** CPU seconds of a process and all below it, ended ones included. Linux only; NaN elsewhere. */
export function cpuSecondsOfTree(rootPid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readStat(Number(name)) : []));
  const inTree = new Set([rootPid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of stats) {
      if (inTree.has(pid) || !inTree.has(parent)) continue;
      inTree.add(pid);
      grown = true;
    }
  }
  return stats.reduce((sum, { pid, ticks }) => sum + (inTree.has(pid) ? ticks : 0), 0) / TICKS_PER_S;
}

function readStat(pid: number): { pid: number; parent: number; ticks: number }[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has ended since the folder was listed.
    return [];
  }
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
  return [{ pid, parent, ticks }];
}

/** Largest resident memory a process ever had, in MB. Linux only; NaN elsewhere or when it has ended. */
export function peakMemoryMb(pid: number | 'self'): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(match?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Bytes per record of each table with its indexes, largest first, partitions summed; in words. */
export async function tableBytes(client: Pick<Client, 'query'>, records: number): Promise<string> {
  const { rows } = await client.query<{ name: string; heap: string; index: string }>(
    `select regexp_replace(relname, '_\\d{6,8}$', '') as name,
       sum(pg_table_size(oid))::text as heap, sum(pg_indexes_size(oid))::text as index
     from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
     group by 1 order by sum(pg_total_relation_size(oid)) desc limit 6`,
  );
  const each = (bytes: string) => (Number(bytes) / records).toFixed(0);
  return rows.map(({ name, heap, index }) => `${name} ${each(heap)} + ${each(index)}`).join(', ');
}

/** Bytes of the database on disk, and of WAL written so far by the whole server. */
export async function bytesOf(client: Pick<Client, 'query'>): Promise<{ database: number; wal: number }> {
  const { rows } = await client.query<{ database: string; wal: string }>(
    `select pg_database_size(current_database())::text as database,
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as wal`,
  );
  return { database: Number(rows[0]?.database), wal: Number(rows[0]?.wal) };
}
