import type { ExpiryReport, RetentionPolicy, RetentionStore } from '../ports/retention-store.ts';

/** Days become due at midnight (UTC) plus what they are kept; an hour more or less is of no account. */
export const EXPIRE_EVERY_MS = 3_600_000;

/** One run of retention, with a plain line for what it dropped and for what it could not. */
export function createExpireTask(
  store: RetentionStore,
  policy: RetentionPolicy,
  say: (line: string) => void,
): () => Promise<void> {
  return async () => {
    const report = await store.expire(policy);
    if (report !== null) for (const line of linesOf(report)) say(line);
  };
}

function linesOf({ dropped, held, over }: ExpiryReport): string[] {
  const named = ({ keptAs, day, why }: ExpiryReport['dropped'][number]) =>
    `${WORDS[keptAs]} ${keptAs === 'aggregates' ? day.slice(0, 7) : day} (${why})`;
  return [
    ...(dropped.length === 0 ? [] : [`Expired: ${dropped.map(named).join(', ')}.`]),
    ...(held.length === 0
      ? []
      : [`Due, but held by queries that run long: ${held.map(named).join(', ')}. Tried again within the hour.`]),
    ...over.map(
      (limit) =>
        `retention.${limit.replace(' ', '_')} is passed by what is still written to. Nothing older is left to drop: allow more, or read fewer topics.`,
    ),
  ];
}

const WORDS = { payload: 'payloads of', events: 'events of', aggregates: 'counts of' } as const;
