import { type MeansName, parseNamePattern } from './name-pattern.ts';

/** A team that is called about services and topics. */
export interface Owner {
  readonly team: string;
  /** A channel, an address or a number; null where there is none. */
  readonly contact: string | null;
  /** An http or https address; null where there is none. */
  readonly runBook: string | null;
  /** Name patterns (`parseNamePattern`). */
  readonly services: readonly string[];
  readonly topics: readonly string[];
}

/** Services that are one system under several names. */
export interface System {
  readonly name: string;
  /** Name patterns (`parseNamePattern`). */
  readonly services: readonly string[];
}

/** What belongs to whom, as the operator declares it. The first that matches counts. */
export interface OwnershipRules {
  readonly owners: readonly Owner[];
  readonly systems: readonly System[];
}

/** What is asked about: a service, a topic, or a service on a topic. */
export interface Owned {
  readonly service: string | null;
  readonly topic: string | null;
}

/** Nobody declared owns it: an answer, not a gap in the answer. */
export const NO_OWNER = 'no owner';

export interface Ownership {
  /** The first owner that names the service, the system it belongs to, or the topic. */
  ownerOf(owned: Owned): Owner | typeof NO_OWNER;
  /** The first system that has the service under one of its names; null for none. */
  systemOf(service: string): string | null;
}

/** Rules whose patterns were checked before; one that is none matches nothing. */
export function createOwnership({ owners, systems }: OwnershipRules): Ownership {
  const owning = owners.map((owner) => ({
    owner,
    service: anyOf(owner.services),
    topic: anyOf(owner.topics),
  }));
  const grouping = systems.map(({ name, services }) => ({ name, service: anyOf(services) }));
  const systemOf = (service: string) => grouping.find((each) => each.service(service))?.name ?? null;
  return {
    systemOf,
    ownerOf({ service, topic }) {
      const system = service === null ? null : systemOf(service);
      const names = [service, system].filter((name) => name !== null);
      const found = owning.find((each) => names.some(each.service) || (topic !== null && each.topic(topic)));
      return found?.owner ?? NO_OWNER;
    },
  };
}

function anyOf(patterns: readonly string[]): MeansName {
  const all = patterns.flatMap((text) => {
    const read = parseNamePattern(text);
    return read.ok ? [read.value] : [];
  });
  return (name) => all.some((means) => means(name));
}
