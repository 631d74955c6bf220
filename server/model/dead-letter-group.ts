import { hash } from 'node:crypto';

/** What makes a group of dead letters; '' for what they do not say. */
export interface DeadLetterGroupNames {
  readonly workspaceId: number;
  /** The queue. */
  readonly incarnationId: number;
  readonly fingerprint: string;
  readonly errorClass: string;
  readonly originalTopic: string;
  readonly eventType: string;
  readonly service: string | null;
}

/** The key of a group in UUID form: the first 16 bytes of SHA-256 over what makes it. */
export function deadLetterGroupKey(names: DeadLetterGroupNames): string {
  const { workspaceId, incarnationId, fingerprint, errorClass, originalTopic, eventType, service } = names;
  return keyOf([workspaceId, incarnationId, fingerprint, errorClass, originalTopic, eventType, service]);
}

/** The key of a reason in UUID form, the same in every queue. */
export function reasonKey(fingerprint: string): string {
  return keyOf(['reason', fingerprint]);
}

function keyOf(parts: readonly (string | number | null)[]): string {
  const digits = hash('sha256', JSON.stringify(parts), 'hex');
  const cuts = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ] as const;
  return cuts.map(([from, to]) => digits.slice(from, to)).join('-');
}
