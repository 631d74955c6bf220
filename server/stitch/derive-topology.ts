import { type DeclaredService, servicesOfGroups } from '../model/group-service.ts';
import { type MadeBy, madeBy, type Topology } from '../model/trace.ts';

/** A consumer group with the topics it has committed offsets on. */
export interface ReadingGroup {
  readonly groupId: string;
  readonly topics: readonly string[];
}

/** How often events of a type on a topic were named as causes of a service's events of a type. */
export interface ObservedCause {
  readonly causeTopic: string;
  readonly causeTypeId: number;
  readonly effectServiceId: number;
  readonly effectTypeId: number;
  readonly hops: number;
}

/** All that a topology is derived from. */
export interface TopologyFacts {
  readonly groups: readonly ReadingGroup[];
  /** The services that events name. */
  readonly services: readonly { readonly id: number; readonly name: string }[];
  readonly declared: DeclaredService;
  readonly observed: readonly ObservedCause[];
}

/** What is derived, and the groups nobody is known for. */
export interface DerivedTopology extends Omit<Topology, 'version'> {
  readonly unknownGroups: readonly string[];
}

/** So many named causes are no accident. */
const LEAST_HOPS = 3;
/** A type behind fewer of a kind's events than this is an exception of which inference knows nothing. */
const LEAST_SHARE = 0.02;

/**
 * Who consumes what, by the groups' topics and by causes that events name; and what follows from what, by those causes
 * alone. Depends on counts only by whether they are large enough, so that it stays the same while they grow.
 */
export function deriveTopology({ groups, services, declared, observed }: TopologyFacts): DerivedTopology {
  const idOf = new Map(services.map(({ id, name }) => [name, id]));
  const servicesOf = servicesOfGroups(idOf.keys(), declared);
  const consumes = new Map<number, Set<string>>();
  const unknownGroups: string[] = [];
  for (const { groupId, topics } of groups) {
    const ids = servicesOf(groupId).flatMap((name) => idOf.get(name) ?? []);
    if (ids.length === 0) unknownGroups.push(groupId);
    for (const id of ids) for (const topic of topics) addTo(consumes, id, topic);
  }
  const perTopic = sumBy(observed, (each) => `${each.effectServiceId} ${each.causeTopic}`);
  for (const each of observed) {
    const hops = perTopic.get(`${each.effectServiceId} ${each.causeTopic}`) ?? 0;
    if (hops >= LEAST_HOPS) addTo(consumes, each.effectServiceId, each.causeTopic);
  }
  return { consumes, causeTypes: deriveCauseTypes(observed), unknownGroups: unknownGroups.sort() };
}

function deriveCauseTypes(observed: readonly ObservedCause[]): ReadonlyMap<MadeBy, ReadonlySet<number>> {
  const kindOf = (each: ObservedCause) => madeBy(each.effectServiceId, each.effectTypeId);
  const ofKind = sumBy(observed, kindOf);
  const ofCause = sumBy(observed, (each) => `${kindOf(each)} ${each.causeTypeId}`);
  const causeTypes = new Map<MadeBy, Set<number>>();
  for (const each of [...observed].sort((a, b) => a.causeTypeId - b.causeTypeId)) {
    const kind = kindOf(each);
    const hops = ofCause.get(`${kind} ${each.causeTypeId}`) ?? 0;
    if (hops >= Math.max(LEAST_HOPS, (ofKind.get(kind) ?? 0) * LEAST_SHARE)) addTo(causeTypes, kind, each.causeTypeId);
  }
  return causeTypes;
}

/** The topology as it is now: the one before where nothing has changed, else the next version. */
export function nextTopology(current: Topology, { consumes, causeTypes }: DerivedTopology): Topology {
  if (sameSets(current.consumes, consumes) && sameSets(current.causeTypes, causeTypes)) return current;
  return { version: current.version + 1, consumes, causeTypes };
}

function sameSets<K, V>(a: ReadonlyMap<K, ReadonlySet<V>>, b: ReadonlyMap<K, ReadonlySet<V>>): boolean {
  return a.size === b.size && [...a].every(([key, set]) => isSame(set, b.get(key)));
}

function isSame<V>(a: ReadonlySet<V>, b: ReadonlySet<V> | undefined): boolean {
  return b !== undefined && a.size === b.size && [...a].every((value) => b.has(value));
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function sumBy<K>(observed: readonly ObservedCause[], keyOf: (each: ObservedCause) => K): Map<K, number> {
  const sums = new Map<K, number>();
  for (const each of observed) sums.set(keyOf(each), (sums.get(keyOf(each)) ?? 0) + each.hops);
  return sums;
}
