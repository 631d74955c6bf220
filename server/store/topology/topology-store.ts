import type { Pool } from 'pg';
import { EVIDENCE } from '../../model/evidence.ts';
import { SERIES_KINDS } from '../../model/series.ts';
import { readTopicName } from '../../model/topic-name.ts';
import type { MadeBy, Topology } from '../../model/trace.ts';
import type { TopologyFactsRead, TopologyStore } from '../../ports/topology-store.ts';

/** Most services, groups' topics and series that a topology is derived from: those that are many are no topology. */
const MOST_FACTS = 20_000;

interface TopologyRow {
  version: number;
  consumes: [number, string[]][];
  cause_types: [MadeBy, number[]][];
}

/** Topologies and the facts behind them, on PostgreSQL. */
export function createTopologyStore({
  pool,
  workspaceId,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
}): TopologyStore {
  return {
    async newest() {
      const { rows } = await pool.query<TopologyRow>(
        'select version, consumes, cause_types from topology where workspace_id = $1 order by version desc limit 1',
        [workspaceId],
      );
      return rows[0] === undefined ? null : toTopology(rows[0]);
    },
    async facts() {
      const [groups, services, series] = await Promise.all([
        pool.query<{ group_id: string; topics: string[] }>(GROUPS, [workspaceId]),
        pool.query<{ id: number; name: string }>(SERVICES, [workspaceId]),
        pool.query<ObservedRow>(OBSERVED, [workspaceId]),
      ]);
      const topics = await pool.query<{ topic: string }>(TOPICS, [workspaceId]);
      return {
        groups: groups.rows.map((row) => ({ groupId: row.group_id, topics: row.topics })),
        services: services.rows,
        observed: spread(
          series.rows,
          topics.rows.map(({ topic }) => topic),
        ),
      };
    },
    async keep({ version, consumes, causeTypes }) {
      const sets = <K, V>(map: ReadonlyMap<K, ReadonlySet<V>>) =>
        JSON.stringify([...map].map(([key, set]) => [key, [...set]]));
      const { rowCount } = await pool.query(
        `insert into topology (workspace_id, version, consumes, cause_types) values ($1, $2, $3, $4) on conflict do nothing`,
        [workspaceId, version, sets(consumes), sets(causeTypes)],
      );
      return rowCount === 1;
    },
  };
}

function toTopology({ version, consumes, cause_types }: TopologyRow): Topology {
  return {
    version,
    consumes: new Map(consumes.map(([service, topics]) => [service, new Set(topics)])),
    causeTypes: new Map(cause_types.map(([key, types]) => [key, new Set(types)])),
  };
}

interface ObservedRow {
  cause_family: string;
  cause_type_id: number;
  effect_service_id: number;
  effect_type_id: number;
  hops: string;
}

/** Series know families of topics; what holds for a family holds for each of its topics. */
function spread(rows: readonly ObservedRow[], topics: readonly string[]): TopologyFactsRead['observed'] {
  const byFamily = new Map<string, string[]>();
  for (const topic of topics) {
    const { family } = readTopicName(topic);
    const known = byFamily.get(family);
    if (known === undefined) byFamily.set(family, [topic]);
    else known.push(topic);
  }
  return rows.flatMap((row) =>
    (byFamily.get(row.cause_family) ?? []).map((causeTopic) => ({
      causeTopic,
      causeTypeId: row.cause_type_id,
      effectServiceId: row.effect_service_id,
      effectTypeId: row.effect_type_id,
      hops: Number(row.hops),
    })),
  );
}

const GROUPS = `
  select g.label as group_id, array_agg(distinct i.topic order by i.topic) as topics
  from consumer_group g join committed_offset o on o.group_id = g.id and o.committed is not null
  join incarnation i on i.id = o.incarnation_id and i.gone_at is null
  where g.workspace_id = $1 and g.gone_at is null and not g.own
  group by g.label order by g.label limit ${MOST_FACTS}`;

const SERVICES = `
  select id, label as name from name where workspace_id = $1 and kind = 'service' order by id limit ${MOST_FACTS}`;

const TOPICS = `
  select distinct topic from incarnation where workspace_id = $1 and gone_at is null order by topic limit ${MOST_FACTS}`;

/** Hops whose cause is named, over all days that are kept. */
const OBSERVED = `
  select s.cause_family, s.cause_type_id, s.effect_service_id, s.effect_type_id, sum(d.effects)::text as hops
  from series s join hop_by_day d on d.series_id = s.id
  where s.workspace_id = $1 and s.kind = ${SERIES_KINDS.hop} and s.effect_service_id <> 0 and s.cause_type_id <> 0
    and s.evidence = any(array[${EVIDENCE.causation}, ${EVIDENCE.traceparent}, ${EVIDENCE.link}])
  group by 1, 2, 3, 4 order by 1, 2, 3, 4 limit ${MOST_FACTS}`;
