import { hash } from 'node:crypto';

/** What makes a group of the violation log. */
export interface GroupNames {
  readonly workspaceId: number;
  readonly eventType: string;
  readonly service: string | null;
  /** Null for a reference that nobody knows. */
  readonly schemaName: string | null;
  readonly path: string;
  readonly rule: string;
}

/** The key of a group in UUID form: the first 16 bytes of SHA-256 over what makes it. */
export function violationGroupKey({ workspaceId, eventType, service, schemaName, path, rule }: GroupNames): string {
  const digits = hash('sha256', JSON.stringify([workspaceId, eventType, service, schemaName, path, rule]), 'hex');
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
