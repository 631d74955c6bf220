import type { Pool } from 'pg';
import type { AuditWire } from '../../model/audit-wire.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';

const NEWEST = 50;

type AuditRow = Omit<AuditWire, 'began_at' | 'ended_at'> & { began_us: string; ended_us: string };

/** The newest audits. */
export async function readAudits(pool: Pool, workspaceId: number): Promise<readonly AuditWire[]> {
  const { rows } = await pool.query<AuditRow>(SELECT, [workspaceId]);
  return rows.map(({ began_us, ended_us, ...audit }) => ({
    began_at: microsToRfc3339(microsFromSql(began_us)),
    ended_at: microsToRfc3339(microsFromSql(ended_us)),
    ...audit,
  }));
}

const SELECT = `
  select ${microsSql('began_at')} as began_us, ${microsSql('ended_at')} as ended_us, minutes, passed_over, traces, sums,
    segments, records, differences
  from audit where workspace_id = $1 order by id desc limit ${NEWEST}`;
