import { type DeclaredService, servicesOfGroups } from '../../model/group-service.ts';
import type { Queryable } from '../transaction.ts';

/** What is asked to find whose groups are. */
export interface GroupContext {
  readonly workspaceId: number;
  readonly declared: DeclaredService;
}

/** Most groups of one topic, and most services, among which a service's groups are looked for. */
const MOST_GROUPS = 2_000;
const MOST_SERVICES = 20_000;

/**
 * Ids of the groups that have committed on a topic in this life and that are the service's, as a topology tells
 * them. The tap's own is left out.
 */
export async function readGroupsOfService(
  client: Queryable,
  { workspaceId, declared }: GroupContext,
  { service, incarnationId }: { readonly service: string; readonly incarnationId: number },
): Promise<readonly number[]> {
  const groups = await client.query<{ id: number; label: string }>(GROUPS, [incarnationId, MOST_GROUPS]);
  if (groups.rows.length === 0) return [];
  const servicesOf = servicesOfGroups([service, ...(await readServiceNames(client, workspaceId))], declared);
  return groups.rows.filter(({ label }) => servicesOf(label).includes(service)).map(({ id }) => id);
}

/** The services that events name: all of them, since the longest name that fits a group is its service. */
export async function readServiceNames(client: Queryable, workspaceId: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(SERVICES, [workspaceId, MOST_SERVICES]);
  return rows.map(({ name }) => name);
}

const GROUPS = `
  select g.id, g.label from consumer_group g
  where not g.own and exists (select from committed_offset o where o.group_id = g.id and o.incarnation_id = $1)
  order by g.gone_at desc nulls first, g.id limit $2`;

const SERVICES = `
  select label as name from name where workspace_id = $1 and kind = 'service' order by id limit $2`;
