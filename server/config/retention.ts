import type { SettingsFile } from './settings-file.ts';

/** How long things are kept; sizes on disk in bytes, null without a limit. */
export interface Retention {
  readonly ageMs: { readonly payload: number; readonly events: number; readonly aggregates: number };
  readonly payloadBytes: number | null;
  readonly totalBytes: number | null;
}

const DAY_MS = 86_400_000;

/** What the file says, with the defaults. */
export function retentionOf({ retention = {} }: SettingsFile): Retention {
  return {
    ageMs: {
      payload: retention.payload ?? 7 * DAY_MS,
      events: retention.events ?? 30 * DAY_MS,
      aggregates: retention.aggregates ?? 400 * DAY_MS,
    },
    payloadBytes: retention.payload_size ?? null,
    totalBytes: retention.total_size ?? null,
  };
}

/** Payloads are found through events, and counts outlive what they count: each is kept at least as long as the one before. */
export function retentionProblems(settings: SettingsFile, path: string): string[] {
  const { ageMs } = retentionOf(settings);
  const said = (kind: keyof Retention['ageMs']) =>
    `${kind} (${ageMs[kind] / DAY_MS} days${settings.retention?.[kind] === undefined ? ', the default' : ''})`;
  return ([['payload', 'events'] as const, ['events', 'aggregates'] as const] as const).flatMap(([short, long]) =>
    ageMs[short] <= ageMs[long]
      ? []
      : [
          `${path}: retention.${said(short)} is longer than retention.${said(long)}. Shorten the one or lengthen the other.`,
        ],
  );
}
