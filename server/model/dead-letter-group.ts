import { hash } from 'node:crypto';

/** Groups of one queue. Who writes dead letters chooses what they say: past this many the rest of an original topic is one group. */
export const MOST_OF_QUEUE = 1_000;

/** What the group of the rest says. */
export const MORE_REASONS = { fingerprint: 'Other reasons: there are too many to tell apart', errorClass: '' } as const;

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
