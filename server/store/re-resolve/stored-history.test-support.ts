import type { TestStore } from '../store.test-support.ts';

const EVENT = `i.topic, e.partition, e."offset"`;
/** The rules that read an event, by what they say: two databases number them apart. */
const RULES = (version: string) => `coalesce(encode(u.digest, 'hex'), ${version}::text) as rules`;

/** What a stored event has left in each table, with names instead of ids. */
const TABLES: Readonly<Record<string, string>> = {
  event: `select ${EVENT}, e.trace_key, e.event_key, e.causation_key, e.stored_day::text, e.occurred_at, e.recorded_at,
    e.stored_at, e.body_hash, e.flags, e.reason, ${RULES('e.resolver_version')}, e.mask_version, t.label as type, s.label as service,
    d.label as dialect, r.origins, e.span, e.parent_span, c.name as schema, c.content_hash
    from event e join incarnation i on i.id = e.incarnation_id join name t on t.id = e.type_id
    left join name s on s.id = e.service_id join resolution r on r.id = e.resolution_id join name d on d.id = r.dialect_id
    left join rule_set u on u.id = e.resolver_version left join schema c on c.id = e.schema_id order by 1, 2, 3`,
  segment: `select i.topic, g.partition, g.base_offset, g.stored_day::text, g.record_count, g.trace_keys
    from segment g join incarnation i on i.id = g.incarnation_id order by 1, 2, 3`,
  counts: `select i.topic, c.stored_minute, c.occurred_minute, t.label as type, s.label as service, c.reason,
    c.schema_status, sum(c.records) as records
    from ingest_count c join incarnation i on i.id = c.incarnation_id join name t on t.id = c.type_id
    left join name s on s.id = c.service_id group by 1, 2, 3, 4, 5, 6, 7 having sum(c.records) <> 0
    order by 1, 2, 3, 4, 5, 6, 7`,
  dialects: `select c.stored_minute, n.label, ${RULES('c.resolver_version')}, sum(c.records) as records
    from dialect_count c join name n on n.id = c.dialect_id left join rule_set u on u.id = c.resolver_version
    group by 1, 2, 3 having sum(c.records) <> 0 order by 1, 2, 3`,
  totals: `select i.topic, p.stored_count, p.undecodable_count, p.uncorrelated_count
    from partition_state p join incarnation i on i.id = p.incarnation_id order by 1`,
  trace: `select r.trace_key, r.id_kind, r.id_text, r.started_at, r.ended_at, r.event_count, r.duplicate_count,
    r.violation_count, r.first_day::text, r.last_day::text, t.label as root,
    (select array_agg(n.label order by u.place) from unnest(r.type_ids) with ordinality u(id, place) join name n using (id)) as types,
    (select array_agg(n.label order by u.place) from unnest(r.service_ids) with ordinality u(id, place) join name n using (id)) as services
    from trace r left join name t on t.id = r.root_type_id order by 1`,
  hop: `select ${EVENT}, e.trace_key, e.ordinal, e.evidence, ci.topic as cause, e.cause_offset, e.hop_us, e.flags, e.minute
    from hop e join incarnation i on i.id = e.incarnation_id
    left join incarnation ci on ci.id = e.cause_incarnation_id order by 1, 2, 3, 5`,
  duplicate: `select ${EVENT}, e.trace_key, oi.topic as of_topic, e.of_offset, e.conflict
    from duplicate e join incarnation i on i.id = e.incarnation_id
    join incarnation oi on oi.id = e.of_incarnation_id order by 1, 2, 3`,
  violation: `select ${EVENT}, e.ordinal, e.group_key, e.occurred_at, e.stored_at, e.trace_key, e.event_key, c.name as schema,
    e.complete, e.counts, e.sentence, e.was, e.near_miss, t.label as type, s.label as service, coalesce(e.path, g.path) as path,
    coalesce(e.rule, g.rule) as rule
    from violation e join incarnation i on i.id = e.incarnation_id join violation_group g on g.key = e.group_key
    join name t on t.id = g.type_id left join name s on s.id = g.service_id
    left join schema c on c.id = e.schema_id order by 1, 2, 3, 4`,
  violations: `select stored_day::text, occurred_minute, group_key, sum(records) as records from violation_count
    group by 1, 2, 3 having sum(records) <> 0 order by 1, 2, 3`,
};

/** Every table that a stored event has left something in. */
export async function dump(store: TestStore): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const [name, text] of Object.entries(TABLES)) tables[name] = (await store.pool.query(text)).rows;
  return tables;
}

export async function settleWhole(store: TestStore): Promise<void> {
  while ((await store.settleAll()) > 0);
}

/** What a job says of itself. */
export async function jobRow(store: TestStore, id: string) {
  const { rows } = await store.pool.query(
    'select state, done::int, total::int, changed::int, message from job where id = $1',
    [id],
  );
  return rows[0];
}
