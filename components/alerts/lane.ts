import type { AlertStateName, AlertTransitionWire, AlertWire } from '@/server/model/alert-wire.ts';

/** A stretch of an alert's time line. `x0` and `x1` are shares of the range, 0..1. */
export interface LanePart {
  readonly x0: number;
  readonly x1: number;
  readonly look: 'firing' | 'pending' | 'no data';
}

const LOOKS: Partial<Record<AlertStateName, LanePart['look']>> = {
  firing: 'firing',
  pending: 'pending',
  'no data': 'no data',
  error: 'no data',
};

/**
 * The time line of one alert over a range: what it was between its transitions, up to what it is. What was before the first
 * transition is what that one left. Transitions may come in any order; those outside the range only say what was within.
 */
export function lane(
  alert: Pick<AlertWire, 'fingerprint' | 'state' | 'since'>,
  transitions: readonly Pick<AlertTransitionWire, 'fingerprint' | 'at' | 'from' | 'to'>[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly LanePart[] {
  const own = transitions
    .filter(({ fingerprint }) => fingerprint === alert.fingerprint)
    .map(({ at, from, to }) => ({ atMs: Date.parse(at), from, to }))
    .sort((a, b) => a.atMs - b.atMs);
  const [first] = own;
  let state: AlertStateName = first?.from ?? alert.state;
  let since = first === undefined ? Math.max(fromMs, Date.parse(alert.since)) : fromMs;
  const parts: LanePart[] = [];
  const share = (ms: number) => Math.max(0, Math.min(1, (ms - fromMs) / (toMs - fromMs)));
  const end = (untilMs: number) => {
    const look = LOOKS[state];
    const [x0, x1] = [share(since), share(untilMs)];
    if (look !== undefined && x1 > x0) parts.push({ x0, x1, look });
  };
  for (const { atMs, to } of own) {
    end(atMs);
    state = to;
    since = atMs;
  }
  end(toMs);
  return parts;
}
