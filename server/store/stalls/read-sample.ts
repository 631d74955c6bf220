import type { EpisodeType } from '../../model/episode.ts';
import type { LearningSample } from '../../ports/stall-store.ts';
import type { Queryable } from '../transaction.ts';

/** Types of an episode that are read; learning looks at no more. */
const MOST_TYPES = 32;
/** Rows gone through for each one wanted: event types that only ever appear alone are passed over. */
const SCANNED = 5;

/** Types, offsets, times of coming, services and topics, side by side. */
export type EpisodeLists = readonly [
  ids: readonly number[],
  us: readonly number[],
  seenUs: readonly number[],
  services: readonly number[],
  topics: readonly number[],
];

/** SQL for `EpisodeLists` of a `trace t`: JSON is read far faster than five arrays. */
export function episodeListsSql(most: number): string {
  const lists = ['type_ids', 'type_us', 'seen_us', 'service_ids', 'incarnation_ids'];
  return `json_build_array(${lists.map((list) => `t.episode_${list}[1:${most}]`).join(', ')})`;
}

export function toEpisodeTypes([ids, us, seenUs, services, topics]: EpisodeLists): readonly EpisodeType[] {
  return ids.map((typeId, place) => ({
    ...{ typeId, us: us[place] ?? 0, seenUs: seenUs[place] ?? 0 },
    serviceId: services[place] || null,
    incarnationId: topics[place] ?? 0,
  }));
}

interface Row {
  readonly lists: EpisodeLists;
  readonly age_us: number;
  readonly stalled: boolean;
}

/** The newest episodes of traces that began in the last day. */
export async function readSample(client: Queryable, workspaceId: number, limit: number): Promise<LearningSample> {
  const { rows } = await client.query<Row>(SAMPLE, [workspaceId, limit * SCANNED, limit]);
  const { rows: stalled } = await client.query<{ type_id: number }>(STALLED_FOR_A_DAY, [workspaceId]);
  return {
    episodes: rows.map((row) => ({
      types: toEpisodeTypes(row.lists),
      ageUs: row.age_us,
      stalled: row.stalled,
    })),
    stalledForADay: new Set(stalled.map(({ type_id }) => type_id)),
  };
}

// What is still to be looked at may turn out to be stalled: it does not count either, or what comes in all at once after
// the tap was away would be learned from before it is judged.
const SAMPLE = `
  with newest as materialized (
    select trace_key, workspace_id, root_type_id, episode_at, episode_type_ids, episode_type_us, episode_seen_us,
      episode_service_ids, episode_incarnation_ids
    from trace where workspace_id = $1 and started_at > now() - interval '1 day' and started_at <= now()
    order by started_at desc limit $2
  )
  select ${episodeListsSql(MOST_TYPES)} as lists,
    (extract(epoch from now() - t.episode_at) * 1000000)::float8 as age_us, 
    o.trace_key is not null or k.trace_key is not null as stalled
  from newest t left join stalled_once o using (trace_key) left join episode_check k using (trace_key)
  where t.episode_at is not null and exists (
    select from accompanied_type a where a.workspace_id = t.workspace_id and a.type_id = t.root_type_id)
  limit $3`;

const STALLED_FOR_A_DAY = `
  select type_id from stall_run where workspace_id = $1 and first_at < now() - interval '1 day'`;
