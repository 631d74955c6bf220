import type { Pulse } from '@/server/model/wire.ts';

/** True while a total counts less than there is: records are not read yet, are missing, or cannot be read. */
export function isLowerBound({ tap, holes }: Pick<Pulse, 'tap' | 'holes'>): boolean {
  return holes > 0 || tap.lag !== '0' || tap.unreadable.length > 0;
}
