import type { PoolClient } from 'pg';
import type { StitchEvent, StitchedTrace } from '../../model/trace.ts';
import { foldId, ID_KINDS } from '../../model/trace-key.ts';
import { microsToSql, timeSql } from '../sql-time.ts';
import { idPrefix } from '../storable-text.ts';
import type { SpannedTrace } from './trace-span.ts';

/** Writes one row per trace in one statement. */
export async function upsertTraces(
  client: PoolClient,
  workspaceId: number,
  traces: readonly SpannedTrace[],
): Promise<void> {
  await client.query({
    name: 'upsert-traces',
    text: UPSERT,
    values: [workspaceId, JSON.stringify(traces.map(toRow))],
  });
}

function toRow(trace: SpannedTrace): object {
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
    root_type_id: rootOf(trace.stitched)?.typeId ?? 0,
    type_ids: [...new Set(events.map((event) => event.typeId))],
    service_ids: [...new Set(events.flatMap((event) => (event.serviceId === null ? [] : [event.serviceId])))],
    incarnation_ids: [...new Set(events.map((event) => event.incarnationId))],
    first_day: days[0] ?? trace.firstDay,
    last_day: days.at(-1) ?? trace.lastDay,
    topology_version: trace.topologyVersion,
  };
}

/** The first event without a cause; under clock skew that need not be the first in time. */
function rootOf({ events, hops }: StitchedTrace): StitchEvent | undefined {
  return hops.find((hop) => hop.ordinal === 0 && hop.evidence === 'root')?.effect ?? events[0];
}

const UPSERT = `
  insert into trace (trace_key, workspace_id, id_kind, id_text, id_length, id_prefix, started_at, ended_at, event_count,
    duplicate_count, root_type_id, type_ids, service_ids, incarnation_ids, first_day, last_day, topology_version,
    settled_at)
  select trace_key, $1, id_kind, id_text, id_length, id_prefix, ${timeSql('started_us')}, ${timeSql('ended_us')},
    event_count, duplicate_count, root_type_id, type_ids, service_ids, incarnation_ids, first_day, last_day,
    topology_version, clock_timestamp()
  from json_to_recordset($2::json) as t(trace_key uuid, id_kind smallint, id_text text, id_length int, id_prefix text,
    started_us bigint, ended_us bigint, event_count int, duplicate_count int, root_type_id int, type_ids int[],
    service_ids int[], incarnation_ids int[], first_day date, last_day date, topology_version int)
  on conflict (trace_key) do update set
    id_text = excluded.id_text, id_length = excluded.id_length, id_prefix = excluded.id_prefix,
    -- Of a trace that lost its first events the begin stays known.
    started_at = case when trace.expired_count > 0 then least(trace.started_at, excluded.started_at)
      else excluded.started_at end,
    ended_at = excluded.ended_at, event_count = excluded.event_count,
    duplicate_count = excluded.duplicate_count, root_type_id = excluded.root_type_id, type_ids = excluded.type_ids,
    service_ids = excluded.service_ids, incarnation_ids = excluded.incarnation_ids, first_day = excluded.first_day,
    last_day = excluded.last_day, topology_version = excluded.topology_version, settled_at = excluded.settled_at`;
