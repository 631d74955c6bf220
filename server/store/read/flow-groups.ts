import type { Pool } from 'pg';
import type { FlowGroup } from '../../model/flow-wire.ts';
import { servicesOfGroups } from '../../model/group-service.ts';
import { readTopicName } from '../../model/topic-name.ts';
import { readConsumerGroups } from './consumer-groups.ts';
import { type GroupContext, readServiceNames } from './groups-of-service.ts';

/** Most groups on one map. */
const MOST_GROUPS = 2_000;

/**
 * Consumer groups but the tap's own, with the topics on which they have committed, and the lag that the groups page shows.
 * A family of topics counts as one. A group is its service's where that is among the `nodes` of the map.
 */
export async function readFlowGroups(
  pool: Pool,
  { workspaceId, declared }: GroupContext,
  nodes: ReadonlyMap<string, unknown>,
): Promise<readonly FlowGroup[]> {
  const [page, names] = await Promise.all([
    readConsumerGroups(pool, workspaceId, { includePartitions: false, limit: MOST_GROUPS }),
    readServiceNames(pool, workspaceId),
  ]);
  const servicesOf = servicesOfGroups(names, declared);
  const nodeOf = (group: string) =>
    servicesOf(group)
      .map((service) => `service:${service}`)
      .find((id) => nodes.has(id)) ?? null;
  const groups = new Map<string, FlowGroup>();
  for (const { group, own, member_count, topics } of page.groups) {
    const service = own ? null : nodeOf(group);
    for (const { topic, lag } of own ? [] : topics) {
      const node = `topic:${readTopicName(topic).family}`;
      const key = `${group}\0${node}`;
      const known = groups.get(key);
      const sum = known === undefined ? lag : plus(known.lag, lag);
      groups.set(key, { group, topic: node, service, members: member_count, lag: sum });
    }
  }
  return [...groups.values()];
}

function plus(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : String(BigInt(a) + BigInt(b));
}
