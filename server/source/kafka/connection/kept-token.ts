/** A token as its issuer gave it. */
export interface IssuedToken {
  readonly token: string;
  /** When it ends, in ms since 1970; null when that is not known. */
  readonly endsAtMs: number | null;
}

/** A token is renewed this long before it ends: a fifth of its life, but between these. */
const RENEW_BEFORE = { share: 0.2, leastMs: 15_000, mostMs: 60_000 } as const;

/**
 * Hands out tokens. One is kept until shortly before it ends (not at all when nobody says when that is), and one
 * question is under way at a time, however many connections sign in.
 */
export function keepToken(ask: () => Promise<IssuedToken>, now: () => number = Date.now): () => Promise<string> {
  let kept: { readonly token: string; readonly renewAtMs: number } | null = null;
  let asking: Promise<string> | null = null;

  async function renew(): Promise<string> {
    const askedAtMs = now();
    const { token, endsAtMs } = await ask();
    const lifeMs = (endsAtMs ?? askedAtMs) - askedAtMs;
    const margin = Math.min(RENEW_BEFORE.mostMs, Math.max(RENEW_BEFORE.leastMs, lifeMs * RENEW_BEFORE.share));
    kept = { token, renewAtMs: askedAtMs + lifeMs - margin };
    return token;
  }

  return async () => {
    if (kept !== null && now() < kept.renewAtMs) return kept.token;
    asking ??= renew().finally(() => {
      asking = null;
    });
    return asking;
  };
}
