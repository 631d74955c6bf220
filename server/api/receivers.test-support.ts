import type { Receivers } from '../ports/deliveries.ts';

/** Where nobody is told of anything. */
export const NO_RECEIVERS: Receivers = {
  list: async () => [],
  create: async () => 'too many',
  change: async () => 'no such receiver',
  remove: async () => 'no such receiver',
  test: async () => 'no such receiver',
  deliveries: async () => ({ deliveries: [], nextCursor: null, waiting: 0, dead: 0 }),
  resend: async () => null,
};
