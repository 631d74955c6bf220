import type { Queryable } from '../transaction.ts';

/** The rules in force, and the events that other ones read; counts are texts. */
export interface RulesRow {
  readonly version: number;
  readonly other: string;
  /** Of those: events whose payload has expired. */
  readonly other_unreachable: string;
}

/**
 * How many stored events were read by other rules than those in force, or held against other schemas; null before a tap
 * has used any. Those that were registered last are in force. Sums of counts by the minute; what has expired went with
 * its day.
 */
export async function readRules(
  client: Queryable,
  workspaceId: number,
  by: 'reading' | 'schemas',
): Promise<RulesRow | null> {
  const { rows } = await client.query<RulesRow>(by === 'reading' ? BY_READING : BY_SCHEMAS, [workspaceId]);
  return rows[0] ?? null;
}

const otherBy = (digest: string) => `
  with force as (
    select id, ${digest} from rule_set where workspace_id = $1 order by in_force_at desc, id desc limit 1
  ), gone as (select day from expired_day where workspace_id = $1 and kept_as = 'payload')
  select force.id as version, coalesce(sum(c.records), 0)::text as other,
    coalesce(sum(c.records) filter (where (c.stored_minute at time zone 'utc')::date in (select day from gone)), 0)::text
      as other_unreachable
  from force left join dialect_count c on c.resolver_version <> force.id
    and c.resolver_version not in (select id from rule_set r where r.workspace_id = $1 and r.${digest} = force.${digest})
    and c.dialect_id in (select id from name where workspace_id = $1 and kind = 'dialect')
  group by force.id`;

const BY_READING = otherBy('reading_digest');
const BY_SCHEMAS = otherBy('schema_digest');
