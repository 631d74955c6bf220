import { isEnvironment } from './topic-name.ts';

/** Services by their names as groups may write them: letters' case, and `_` for `-`, do not count. */
export type ServiceNames = ReadonlyMap<string, readonly number[]>;

/** A service's name lies within so many characters: a broker takes group ids of 32,767. */
const LONGEST_NAME = 512;

/** A service that events name, with its small id. */
export interface NamedService {
  readonly id: number;
  readonly name: string;
}

/** Services by name; those whose names differ in writing only are one. */
export function foldServices(services: readonly NamedService[]): ServiceNames {
  const names = new Map<string, number[]>();
  for (const { id, name } of services) {
    const folded = fold(name);
    if (folded === '') continue;
    const ids = names.get(folded);
    if (ids === undefined) names.set(folded, [id]);
    else ids.push(id);
  }
  return names;
}

/** The ids of a service by its name; none where no event names it. */
export function idsOfService(name: string, names: ServiceNames): readonly number[] {
  return names.get(fold(name)) ?? [];
}

/**
 * The service whose consumer group this is, by the group's name: `{env}.{service}.{node}.{purpose}.{version}`,
 * `{service}-consumer`, `{service}-…`; the environment may be missing. The longest name of a service that fits counts.
 * None where none fits.
 */
export function serviceOfGroup(groupId: string, names: ServiceNames): readonly number[] {
  const folded = fold(groupId.slice(0, LONGEST_NAME));
  return longestFit(withoutEnvironment(folded), names) ?? longestFit(folded, names) ?? [];
}

/** The name cut at each of its joints, from the right: the first that is a service is the longest. */
function longestFit(group: string, names: ServiceNames): readonly number[] | null {
  for (let end = group.length; end > 0; end = lastJoint(group, end)) {
    const ids = names.get(group.slice(0, end));
    if (ids !== undefined) return ids;
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
