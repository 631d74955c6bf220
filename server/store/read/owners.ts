import type { Pool } from 'pg';
import type { NamesWire, OwnerList, OwnerWire, WhoseWire } from '../../model/owner-wire.ts';
import { NO_OWNER, type Owned, type Owner, type Ownership, type OwnershipRules } from '../../model/ownership.ts';

/** Most services, and most topics, that are held against the rules for one answer. */
const MOST_NAMES = 2_000;

/** What is declared, with the services and topics that were seen and whose they are. Topics that are gone are left out. */
export async function readOwners(
  pool: Pool,
  workspaceId: number,
  rules: OwnershipRules,
  ownership: Ownership,
): Promise<Omit<OwnerList, 'as_of' | 'coverage'>> {
  const { rows } = await pool.query<{ services: string[]; topics: string[] }>(SELECT, [workspaceId, MOST_NAMES + 1]);
  const seen = rows[0] ?? { services: [], topics: [] };
  const services = seen.services.slice(0, MOST_NAMES);
  const topics = seen.topics.slice(0, MOST_NAMES);
  const ownerOfService = new Map(services.map((service) => [service, ownership.ownerOf({ service, topic: null })]));
  const ownerOfTopic = new Map(topics.map((topic) => [topic, ownership.ownerOf({ service: null, topic })]));
  const of = (owner: Owner | typeof NO_OWNER): NamesWire => ({
    services: services.filter((service) => ownerOfService.get(service) === owner),
    topics: topics.filter((topic) => ownerOfTopic.get(topic) === owner),
  });
  return {
    owners: rules.owners.map((owner) => ({
      ...toOwnerWire(owner),
      services: owner.services,
      topics: owner.topics,
      owns: of(owner),
    })),
    systems: rules.systems.map((system) => ({
      ...system,
      seen: services.filter((service) => ownership.systemOf(service) === system.name),
    })),
    unowned: of(NO_OWNER),
    more_seen: seen.services.length > MOST_NAMES || seen.topics.length > MOST_NAMES,
  };
}

/** Whose a service is; where none is known, whose the topic is. */
export function whoseIs(ownership: Ownership, { service, topic }: Owned): WhoseWire {
  const owner = ownership.ownerOf(service === null ? { service, topic } : { service, topic: null });
  return {
    service,
    system: service === null ? null : ownership.systemOf(service),
    owner: owner === NO_OWNER ? null : toOwnerWire(owner),
  };
}

function toOwnerWire({ team, contact, runBook }: Owner): OwnerWire {
  return { team, contact, run_book: runBook };
}

const SELECT = `
  select array(select label from name where workspace_id = $1 and kind = 'service' order by label limit $2) as services,
    array(select distinct topic from incarnation where workspace_id = $1 and gone_at is null
      order by topic limit $2) as topics`;
