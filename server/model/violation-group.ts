import { hash } from 'node:crypto';

/** What makes a group of the violation log. */
export interface GroupNames extends FamilyNames {
  /** Without its numbers: see `foldedPath`. */
  readonly path: string;
  readonly rule: string;
}

/** What groups have in common that differ in path and rule alone. */
export interface FamilyNames {
  readonly workspaceId: number;
  readonly eventType: string;
  readonly service: string | null;
  /** Null for a reference that nobody knows. */
  readonly schemaName: string | null;
}

/** Groups of one family. Producers choose the keys of what they send: past this many the rest is one group. */
export const MOST_OF_FAMILY = 200;

/** Path and rule of the group of the rest. No JSON pointer is such a path. */
export const MORE_PATHS = { path: '*', rule: 'more_paths' } as const;

const NUMBER = /\/(?:0|[1-9]\d*)(?=\/|$)/g;

/** A JSON pointer with `*` for each place in a list, and for every key that reads like one. */
export function foldedPath(path: string): string {
  return path.replace(NUMBER, '/*');
}

/** The key of a group in UUID form: the first 16 bytes of SHA-256 over what makes it. */
export function violationGroupKey({ path, rule, ...family }: GroupNames): string {
  return uuidOf([...namesOf(family), path, rule]);
}

/** The key of a family, in the same form. */
export function groupFamilyKey(family: FamilyNames): string {
  return uuidOf(namesOf(family));
}

function namesOf({ workspaceId, eventType, service, schemaName }: FamilyNames) {
  return [workspaceId, eventType, service, schemaName];
}

function uuidOf(parts: readonly (string | number | null)[]): string {
  const digits = hash('sha256', JSON.stringify(parts), 'hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-');
}
