import type { InternalPool } from './kafkajs-internals.ts';

/** kafkajs signs in again, before the next request, when this much or less of a session is left. */
const RENEW_BEFORE_MS = 10_000;

/**
 * Makes sessions of any length last. kafkajs renews a sign-in ten seconds before its end, so one that lives for less
 * would be renewed before each request, and a broker refuses a second renewal within a second.
 */
export function renewSignInsEarly(pool: InternalPool): void {
  for (const connection of pool.pool) {
    Object.defineProperty(connection, 'reauthenticationThreshold', {
      get: () => Math.min(RENEW_BEFORE_MS, Math.floor(connection.sessionLifetime.toNumber() / 2)),
    });
  }
}
