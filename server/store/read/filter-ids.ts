import type { Pool } from 'pg';
import type { TraceFilter } from '../../ports/reads.ts';
import { ID_PREFIX_LIMIT, storableText } from '../storable-text.ts';
import { nameDigest } from '../write/name-ids.ts';

/** The ids behind the names of a filter; -1 for a name that nothing ever had, absent where the filter names none. */
export interface FilterIds {
  readonly typeId?: number;
  readonly serviceId?: number;
  readonly incarnationIds?: readonly number[];
}

const NONE = -1;

/**
 * Looks the names of a filter up before the list is asked for: with the ids in hand PostgreSQL knows whether they are
 * rare or common, and goes by the index that fits.
 */
export async function findFilterIds(
  pool: Pool,
  workspaceId: number,
  { eventType, service, topic }: TraceFilter,
): Promise<FilterIds> {
  if (eventType === undefined && service === undefined && topic === undefined) return {};
  const { rows } = await pool.query<{ type_id: number; service_id: number; incarnation_ids: number[] }>(SELECT, [
    workspaceId,
    eventType === undefined ? null : nameDigest(eventType),
    service === undefined ? null : nameDigest(service),
    topic === undefined ? null : storableText(topic, ID_PREFIX_LIMIT * 2),
  ]);
  const [row] = rows;
  return {
    ...(eventType !== undefined && { typeId: row?.type_id ?? NONE }),
    ...(service !== undefined && { serviceId: row?.service_id ?? NONE }),
    ...(topic !== undefined && { incarnationIds: row?.incarnation_ids ?? [] }),
  };
}

const SELECT = `
  select (select id from name where workspace_id = $1 and kind = 'event type' and digest = $2::bytea) as type_id,
    (select id from name where workspace_id = $1 and kind = 'service' and digest = $3::bytea) as service_id,
    array(select id from incarnation where workspace_id = $1 and topic = $4::text) as incarnation_ids`;
