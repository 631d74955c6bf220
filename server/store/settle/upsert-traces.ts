import type { PoolClient } from 'pg';
import type { Episode } from '../../model/episode.ts';
import type { StitchEvent, StitchedTrace } from '../../model/trace.ts';
import { foldId, ID_KINDS } from '../../model/trace-key.ts';
import { microsToSql, timeSql } from '../sql-time.ts';
import { idPrefix } from '../storable-text.ts';
import { type ForeignLetters, readForeignLetters } from './foreign-letters.ts';
import type { SpannedTrace } from './trace-span.ts';

/** A trace is looked at again this long after it was settled: most go on before, and are not looked at in between. */
const CHECK_AFTER = '2 seconds';

/** Writes one row per trace, and when it is to be looked at for what is missing, in one statement. */
export async function upsertTraces(
  client: PoolClient,
  workspaceId: number,
  traces: readonly SpannedTrace[],
): Promise<void> {
  const foreign = await readForeignLetters(
    client,
    traces.map(({ traceKey }) => traceKey),
  );
  await client.query({
    name: 'upsert-traces',
    text: UPSERT,
    values: [workspaceId, JSON.stringify(traces.map((trace) => toRow(trace, foreign.get(trace.traceKey))))],
  });
}

function toRow(trace: SpannedTrace, foreign: ForeignLetters | undefined): object {
  const { events, duplicates, startedAt, endedAt } = trace.stitched;
  const days = [...events, ...duplicates.map((pair) => pair.copy)].map((event) => event.storedDay).sort();
  return {
    trace_key: trace.traceKey,
    id_kind: ID_KINDS[trace.idKind],
    id_text: trace.idText,
    id_length: trace.idLength,
    id_prefix: idPrefix(foldId(trace.idText)),
    started_us: microsToSql(startedAt),
    ended_us: microsToSql(endedAt),
    event_count: events.length,
    duplicate_count: duplicates.length,
    violation_count: events.filter(({ violating }) => violating).length,
    dead_letter_count:
      events.filter(({ deadLetter, mirror }) => deadLetter && mirror !== true).length + (foreign?.count ?? 0),
    root_type_id: rootOf(trace.stitched)?.typeId ?? 0,
    type_ids: [...new Set(events.map((event) => event.typeId))],
    service_ids: [...new Set(events.flatMap((event) => (event.serviceId === null ? [] : [event.serviceId])))],
    incarnation_ids: [...new Set(events.map((event) => event.incarnationId))],
    first_day: days[0] ?? trace.firstDay,
    last_day: days.at(-1) ?? trace.lastDay,
    topology_version: trace.topologyVersion,
    ...episodeOf(trace.newestEpisode, foreign),
  };
}

function episodeOf(episode: Episode | null, foreign: ForeignLetters | undefined): object {
  if (episode === null) return {};
  const { at, types, lastTypeId, deadLetter } = episode;
  return {
    episode_us: microsToSql(at),
    episode_type_ids: types.map(({ typeId }) => typeId),
    episode_type_us: types.map(({ us }) => us),
    episode_seen_us: types.map(({ seenUs }) => seenUs),
    episode_service_ids: types.map(({ serviceId }) => serviceId ?? 0),
    episode_incarnation_ids: types.map(({ incarnationId }) => incarnationId),
    episode_last_type_id: lastTypeId,
    episode_dead_letter: deadLetter || (foreign !== undefined && foreign.lastOriginalAt >= at),
  };
}

/** The first event without a cause; under clock skew that need not be the first in time. */
function rootOf({ events, hops }: StitchedTrace): StitchEvent | undefined {
  return hops.find((hop) => hop.ordinal === 0 && hop.evidence === 'root')?.effect ?? events[0];
}

const EPISODE_COLUMNS = `episode_type_ids, episode_type_us, episode_seen_us, episode_service_ids,
    episode_incarnation_ids, episode_last_type_id, episode_dead_letter`;

const UPSERT = `
  with t as (
    select * from json_to_recordset($2::json) as t(trace_key uuid, id_kind smallint, id_text text, id_length int,
      id_prefix text, started_us bigint, ended_us bigint, event_count int, duplicate_count int, violation_count int, dead_letter_count int, root_type_id int,
      type_ids int[], service_ids int[], incarnation_ids int[], first_day date, last_day date, topology_version int,
      episode_us bigint, episode_type_ids int[], episode_type_us bigint[], episode_seen_us bigint[],
      episode_service_ids int[], episode_incarnation_ids int[], episode_last_type_id int, episode_dead_letter boolean)
  ), checks as (
    insert into episode_check (trace_key, workspace_id, check_at)
    select trace_key, $1, clock_timestamp() + interval '${CHECK_AFTER}' from t order by trace_key
    on conflict (trace_key) do update set check_at = excluded.check_at
  )
  insert into trace (trace_key, workspace_id, id_kind, id_text, id_length, id_prefix, started_at, ended_at, event_count,
    duplicate_count, violation_count, dead_letter_count, root_type_id, type_ids, service_ids, incarnation_ids, first_day,
    last_day, topology_version, settled_at, episode_at, ${EPISODE_COLUMNS})
  select trace_key, $1, id_kind, id_text, id_length, id_prefix, ${timeSql('started_us')}, ${timeSql('ended_us')},
    event_count, duplicate_count, violation_count, dead_letter_count, root_type_id, type_ids, service_ids, incarnation_ids,
    first_day, last_day, topology_version, clock_timestamp(), ${timeSql('episode_us')}, episode_type_ids, episode_type_us, episode_seen_us,
    episode_service_ids, episode_incarnation_ids, episode_last_type_id, coalesce(episode_dead_letter, false)
  from t
  on conflict (trace_key) do update set
    id_text = excluded.id_text, id_length = excluded.id_length, id_prefix = excluded.id_prefix,
    -- Of a trace that lost its first events the begin stays known.
    started_at = case when trace.expired_count > 0 then least(trace.started_at, excluded.started_at)
      else excluded.started_at end,
    ended_at = excluded.ended_at, event_count = excluded.event_count,
    duplicate_count = excluded.duplicate_count, violation_count = excluded.violation_count,
    dead_letter_count = excluded.dead_letter_count, root_type_id = excluded.root_type_id, type_ids = excluded.type_ids,
    service_ids = excluded.service_ids, incarnation_ids = excluded.incarnation_ids, first_day = excluded.first_day,
    last_day = excluded.last_day, topology_version = excluded.topology_version, settled_at = excluded.settled_at,
    episode_at = excluded.episode_at, episode_type_ids = excluded.episode_type_ids,
    episode_type_us = excluded.episode_type_us, episode_seen_us = excluded.episode_seen_us,
    episode_service_ids = excluded.episode_service_ids, episode_incarnation_ids = excluded.episode_incarnation_ids,
    episode_last_type_id = excluded.episode_last_type_id, episode_dead_letter = excluded.episode_dead_letter`;
