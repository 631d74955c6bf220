import { foldServices, idsOfService, serviceOfGroup } from '../../model/group-service.ts';
import type { Queryable } from '../transaction.ts';

/** Most groups of one topic, and most services, among which a service's groups are looked for. */
const MOST_GROUPS = 2_000;
const MOST_SERVICES = 20_000;

/**
 * Ids of the groups that have committed on a topic in this life and that are the service's by their names, as a topology
 * tells them. The tap's own is left out.
 */
export async function readGroupsOfService(
  client: Queryable,
  workspaceId: number,
  { service, incarnationId }: { readonly service: string; readonly incarnationId: number },
): Promise<readonly number[]> {
  const groups = await client.query<{ id: number; label: string }>(GROUPS, [incarnationId, MOST_GROUPS]);
  if (groups.rows.length === 0) return [];
  const services = await client.query<{ id: number; name: string }>(SERVICES, [workspaceId, service, MOST_SERVICES]);
  const names = foldServices(services.rows);
  const ids = idsOfService(service, names);
  return groups.rows
    .filter(({ label }) => serviceOfGroup(label, names).some((id) => ids.includes(id)))
    .map(({ id }) => id);
}

const GROUPS = `
  select g.id, g.label from consumer_group g
  where not g.own and exists (select from committed_offset o where o.group_id = g.id and o.incarnation_id = $1)
  order by g.gone_at desc nulls first, g.id limit $2`;

// All of them: the longest name that fits a group is its service, so another one may fit better. The one asked for is
// among them however many there are.
const SERVICES = `
  select id, label as name from name where workspace_id = $1 and kind = 'service' order by label <> $2, id limit $3`;
