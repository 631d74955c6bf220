import type { Pulse } from '../model/wire.ts';

/**
 * The pulse while the store is away: how things stood, with `connected` false and a sentence why. `as_of` stays where it
 * was, so the age of everything on the page can be seen. Without a pulse before, everything is unknown.
 */
export function stalePulse(last: Pulse | null, nowMs: number): Pulse {
  if (last === null) return unknownPulse(new Date(nowMs).toISOString());
  const message = 'The database does not answer. What is shown is from before; it goes on by itself.';
  return { ...last, tap: { ...last.tap, connected: false, message } };
}

function unknownPulse(asOf: string): Pulse {
  return {
    as_of: asOf,
    cluster: null,
    tap: {
      connected: false,
      message: 'The database does not answer. It is tried again until it does.',
      since: null,
      up: 0,
      known: 0,
      lag: '0',
      behind_s: null,
      backfill: null,
      unreadable: [],
    },
    settled: { to: asOf, waiting: 0 },
    stored_share: null,
    holes: 0,
  };
}
