import { parseNamePattern } from './name-pattern.ts';
import { isEnvironment } from './topic-name.ts';

/** Whose some consumer groups are, as the operator declares it. The first rule that matches counts. */
export interface GroupRule {
  /** Name pattern (`parseNamePattern`). */
  readonly group: string;
  readonly service: string;
}

/** The service that is declared for a consumer group; null where none is. */
export type DeclaredService = (groupId: string) => string | null;

/** The names of a consumer group's service: several where only their writing differs, none where it is not known. */
export type ServicesOfGroup = (groupId: string) => readonly string[];

/** A service's name lies within so many characters: a broker takes group ids of 32,767. */
const LONGEST_NAME = 512;

/** Rules whose patterns were checked before; one that is none matches nothing. */
export function declaredServices(rules: readonly GroupRule[]): DeclaredService {
  const read = rules.flatMap(({ group, service }) => {
    const pattern = parseNamePattern(group);
    return pattern.ok ? [{ means: pattern.value, service }] : [];
  });
  return (groupId) => read.find(({ means }) => means(groupId))?.service ?? null;
}

/**
 * Tells whose a consumer group is among these services. What is declared goes first, and holds also where it names none of
 * them; else the group's name says it: `{env}.{service}.{node}.{purpose}.{version}`, `{service}-consumer`, `{service}-…`.
 * The environment may be missing, and the longest name of a service that fits counts. Letters' case, and `_` for `-`, do
 * not count in names of services.
 */
export function servicesOfGroups(services: Iterable<string>, declared: DeclaredService): ServicesOfGroup {
  const names = foldNames(services);
  return (groupId) => {
    const service = declared(groupId);
    if (service !== null) return names.get(fold(service)) ?? [];
    const folded = fold(groupId.slice(0, LONGEST_NAME));
    return longestFit(withoutEnvironment(folded), names) ?? longestFit(folded, names) ?? [];
  };
}

type FoldedNames = ReadonlyMap<string, readonly string[]>;

function foldNames(services: Iterable<string>): FoldedNames {
  const names = new Map<string, string[]>();
  for (const name of new Set(services)) {
    const folded = fold(name);
    if (folded === '') continue;
    const same = names.get(folded);
    if (same === undefined) names.set(folded, [name]);
    else same.push(name);
  }
  return names;
}

/** The name cut at each of its joints, from the right: the first that is a service is the longest. */
function longestFit(group: string, names: FoldedNames): readonly string[] | null {
  for (let end = group.length; end > 0; end = lastJoint(group, end)) {
    const services = names.get(group.slice(0, end));
    if (services !== undefined) return services;
  }
  return null;
}

function lastJoint(group: string, before: number): number {
  let at = before - 1;
  while (at > 0 && !/[-.:/]/.test(group.charAt(at))) at -= 1;
  return at;
}

function withoutEnvironment(group: string): string {
  const joint = group.search(/[-.]/);
  return joint > 0 && isEnvironment(group.slice(0, joint)) ? group.slice(joint + 1) : group;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
