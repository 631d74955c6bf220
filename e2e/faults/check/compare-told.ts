/** A change of an alert of a queue, from its history. */
export interface Transition {
  readonly queue: string;
  readonly fingerprint: string;
  /** Which firing of its alert. */
  readonly firing: number;
  readonly to: 'firing' | 'resolved';
  /** Epoch ms. */
  readonly at: number;
}

/** One request that a receiver got. */
export interface ToldRequest {
  readonly webhookId: string;
  /** Its body, byte for byte. */
  readonly text: string;
  /** The receiver took it. */
  readonly taken: boolean;
  readonly alerts: readonly {
    readonly fingerprint: string;
    readonly status: string;
    /** When its firing began, RFC 3339. */
    readonly startsAt: string;
  }[];
}

/** How what was told can differ from what happened. */
export type ToldDifference = {
  readonly kind: 'history' | 'lost' | 'told twice' | 'never happened' | 'other bytes';
  readonly detail: string;
};

/**
 * Compares what was brought about, what the history says, and what receivers got. Each change stands once in the history
 * and was taken by its receiver; requests that repeat it have one id and one body. A firing that ended before it was told
 * is told by its end.
 * @param driven how often each queue changed
 */
export function compareTold(
  driven: ReadonlyMap<string, number>,
  history: readonly Transition[],
  requests: readonly ToldRequest[],
): readonly ToldDifference[] {
  const found: ToldDifference[] = [];
  for (const [queue, changes] of driven) {
    const stands = history.filter((each) => each.queue === queue).map(({ to }) => to);
    const wanted = Array.from({ length: changes }, (_, n) => (n % 2 === 0 ? 'firing' : 'resolved'));
    if (stands.join() !== wanted.join()) found.push({ kind: 'history', detail: `${queue}: ${stands.join(', ')}` });
  }
  const idsOf = new Map<string, Set<string>>();
  const taken = new Set<string>();
  const texts = new Map<string, string>();
  for (const { webhookId, text, taken: isTaken, alerts } of requests) {
    if ((texts.get(webhookId) ?? text) !== text) found.push({ kind: 'other bytes', detail: webhookId });
    texts.set(webhookId, text);
    for (const { fingerprint, status, startsAt } of alerts) {
      const key = keyOf(fingerprint, Date.parse(startsAt), status);
      idsOf.set(key, (idsOf.get(key) ?? new Set()).add(webhookId));
      if (isTaken) taken.add(key);
    }
  }
  const happened = new Map(history.map((each) => [keyOf(each.fingerprint, beginOf(each, history), each.to), each]));
  for (const [key, each] of happened) {
    const ended = keyOf(each.fingerprint, beginOf(each, history), 'resolved');
    const byItsEnd = each.to === 'firing' && !idsOf.has(key) && taken.has(ended);
    if (!taken.has(key) && !byItsEnd) found.push({ kind: 'lost', detail: inWords(each) });
  }
  for (const [key, ids] of idsOf) {
    const each = happened.get(key);
    if (each === undefined) found.push({ kind: 'never happened', detail: key });
    if (ids.size > 1)
      found.push({ kind: 'told twice', detail: `${each ? inWords(each) : key}: ${[...ids].join(', ')}` });
  }
  return found;
}

function keyOf(fingerprint: string, beganAt: number, status: string): string {
  return `${fingerprint} ${beganAt} ${status}`;
}

function beginOf({ fingerprint, firing, at }: Transition, history: readonly Transition[]): number {
  const began = history.find(
    (each) => each.fingerprint === fingerprint && each.firing === firing && each.to === 'firing',
  );
  return began?.at ?? at;
}

function inWords({ queue, firing, to }: Transition): string {
  return `${queue}, firing ${firing}: ${to}`;
}
