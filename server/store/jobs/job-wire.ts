import type { JobKind, JobState, JobWire } from '../../model/job-wire.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';

export interface JobRow {
  id: string;
  kind: JobKind;
  state: JobState;
  requested_us: string;
  started_us: string | null;
  finished_us: string | null;
  done: string;
  total: string;
  changed: string;
  message: string | null;
}

/** Two kinds are one task of the job library, so that two jobs never read the same events at once. */
export const KIND = `case scope when 'other schemas' then 're-validate' else kind end`;

export const JOB_COLUMNS = `id::text, ${KIND} as kind, state, ${microsSql('requested_at')} as requested_us,
  ${microsSql('started_at')} as started_us, ${microsSql('finished_at')} as finished_us, done, total, changed, message`;

/** A job as the API tells it. */
export function toJobWire(row: JobRow): JobWire {
  const instant = (us: string | null) => (us === null ? null : microsToRfc3339(microsFromSql(us)));
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    requested_at: microsToRfc3339(microsFromSql(row.requested_us)),
    started_at: instant(row.started_us),
    finished_at: instant(row.finished_us),
    done: row.done,
    total: row.total,
    changed: row.changed,
    message: row.message,
  };
}
