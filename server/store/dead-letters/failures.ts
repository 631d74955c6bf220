import type { FailureWithoutDeadLetter } from '../../model/dead-letter-wire.ts';
import type { Ownership } from '../../model/ownership.ts';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import { whoseIs } from '../read/owners.ts';
import { microsSql, microsToSql, timeSql } from '../sql-time.ts';
import { SAYS_FAILED, STILL_MISSING } from '../stalls/still-missing.ts';
import type { Queryable } from '../transaction.ts';

/** Rows of one answer, and traces looked at for them: the newest. */
const MOST = 50;
const MOST_TRACES = 10_000;
const DAY_US = 86_400_000_000;

interface FailureRow {
  readonly kind: FailureWithoutDeadLetter['kind'];
  readonly event_type: string;
  readonly missing_type: string | null;
  readonly service: string | null;
  readonly n: number;
  readonly exemplars: readonly { key: string; id: string; us: number }[];
}

/** What failed in the last day without a dead letter of it: error events, runtime errors, and requests without a reply. */
export async function readFailures(
  client: Queryable,
  {
    workspaceId,
    ownership,
    nowUs,
  }: { readonly workspaceId: number; readonly ownership: Ownership; readonly nowUs: Micros },
): Promise<readonly FailureWithoutDeadLetter[]> {
  const { rows } = await client.query<FailureRow>(SELECT, [workspaceId, microsToSql(micros(nowUs - DAY_US))]);
  return rows.map(({ kind, event_type, missing_type, service, n, exemplars }) => ({
    ...{ kind, event_type, missing_type },
    whose: whoseIs(ownership, { service, topic: null }),
    count: n,
    exemplars: exemplars.map(({ key, id, us }) => ({
      correlation_id: id,
      trace_key: traceKeyToHex(key),
      at: microsToRfc3339(micros(us)),
    })),
  }));
}

const EXEMPLARS = (time: string) => `(array_agg(json_build_object('key', f.trace_key, 'id', f.id_text, 'us',
    ${microsSql(time)}) order by ${time} desc))[1:5]`;

// An event that says that it failed, or that a runtime did, in a trace that no dead letter belongs to; and traces that wait for
// what usually follows. Types that fail are few among many names.
const SELECT = `
  with failing as materialized (
    select n.id, n.label, case when ${SAYS_FAILED} then 'error event' else 'runtime error' end as kind
    from name n where n.workspace_id = $1 and n.kind = 'event type'
      and (${SAYS_FAILED} or lower(n.label) like '%runtime-error%')
    limit 500
  ), traces as materialized (
    select t.trace_key, t.id_text, t.ended_at, t.type_ids from trace t
    where t.workspace_id = $1 and t.ended_at >= ${timeSql('$2')} and t.dead_letter_count = 0
      and t.type_ids && array(select id from failing)
    order by t.ended_at desc limit ${MOST_TRACES}
  )
  select * from (
    select f.kind, f.event_type, null as missing_type, (
        select s.label from type_maker m join name s on s.id = m.service_id
        where m.workspace_id = $1 and m.type_id = f.type_id limit 1) as service,
      count(*)::float8 as n, ${EXEMPLARS('f.ended_at')} as exemplars
    from (
      select g.kind, g.label as event_type, g.id as type_id, t.* from traces t join failing g on t.type_ids @> array[g.id]
    ) f group by f.kind, f.event_type, f.type_id
    union all
    select 'no reply', f.event_type, f.missing_type, max(f.service), count(*)::float8, ${EXEMPLARS('f.since')}
    from (
      select y.label as event_type, s.missing_type, s.service, s.since, t.trace_key, t.id_text
      from stall s join trace t using (trace_key) join name y on y.id = s.type_id
      where s.workspace_id = $1 and s.since >= ${timeSql('$2')} and ${STILL_MISSING} and t.dead_letter_count = 0
      order by s.since desc limit ${MOST_TRACES}
    ) f group by f.event_type, f.missing_type
  ) all_of_them order by n desc, event_type, missing_type limit ${MOST}`;
