import { type AlertRule, kindFacts } from '../model/alert-rule.ts';
import type { QueueMark } from '../model/alert-state.ts';
import { nearest } from '../model/nearest.ts';
import type { QueueReading } from '../model/queue-reading.ts';
import type { AlertReadings, CountReading, TapReading } from '../ports/alert-readings.ts';
import type { QueueReadings } from '../ports/queue-readings.ts';
import { isAbout, type RuleItem, type RuleLook } from './observe-rule.ts';

/** What rules are looked at with. */
export interface LookDeps {
  readonly readings: AlertReadings;
  readonly queues: QueueReadings;
  /** When an operator said of a queue that all in it is handled. */
  readonly markOf: (queue: { readonly cluster: string; readonly topic: string }) => QueueMark | null;
  /** Epoch ms. */
  readonly now: number;
}

/** What a rule may mean otherwise, with what was found. */
export type WarnedLook = RuleLook & { readonly warnings: readonly string[] };

/** Older looks of watch say nothing of now. */
const STALE_MS = 60_000;
/** A tap that is further behind has not read what a window counts. */
const BEHIND_MS = 60_000;

/** One look at what a rule watches. */
export async function lookAt(rule: AlertRule, deps: LookDeps): Promise<WarnedLook> {
  const look = await lookByKind(rule, deps);
  return { ...look, warnings: await warningsOf(rule, deps.readings) };
}

/** The same without what a rule may mean otherwise. */
export function lookByKind(rule: AlertRule, deps: LookDeps): Promise<RuleLook> {
  switch (rule.kind) {
    case 'dead_letter_depth':
    case 'dead_letter_age':
      return lookAtQueues(rule, deps);
    case 'dead_letter_rate':
    case 'dead_letter_share':
    case 'violation_rate':
    case 'violation_share':
      return lookAtCounts(rule, deps);
    case 'latency':
      return lookAtLatency(rule, deps);
    case 'stalls':
      return lookAtStalls(rule, deps);
    case 'consumer_lag':
      return lookAtGroups(rule, deps);
    case 'tap_lag':
      return lookAtTap(rule, deps);
    case 'coverage_hole':
      return lookAtHoles(rule, deps);
    case 'no_events':
      return lookForEvents(rule, deps);
  }
}

async function lookAtQueues(rule: AlertRule, { queues, readings, markOf, now }: LookDeps): Promise<RuleLook> {
  const all: readonly QueueReading[] = await queues.readQueues();
  const items: RuleItem[] = [];
  for (const queue of all) {
    const { cluster, topic, lookedAt } = queue;
    if (!isAbout(rule, { queue: topic })) continue;
    const mark = markOf(queue);
    const oldestAt = rule.kind === 'dead_letter_age' ? await oldestOf(queue, mark, readings) : null;
    const stale = staleness(lookedAt, now);
    items.push({
      ...{
        labels: { queue: topic, cluster },
        value: oldestAt === null ? null : Math.max(0, now - oldestAt),
        queue,
        mark,
      },
      ...(stale !== null && { trouble: { kind: 'no data', why: stale } }),
      ...(queue.triageGroups.length > 0 && { said: { triage_groups: queue.triageGroups.join(', ') } }),
    });
  }
  return { kind: 'read', items };
}

/** The reader of queues knows of no marks: below one, nothing is old any more. */
async function oldestOf(queue: QueueReading, mark: QueueMark | null, readings: AlertReadings): Promise<number | null> {
  if (mark === null || queue.life == null || mark.life !== queue.life) return queue.oldestAt;
  const waiting = queue.partitions.flatMap(({ partition, low, high, triaged }) => {
    const from = Math.max(low, triaged ?? 0, mark.offsets[partition] ?? 0);
    return from < high ? [[partition, from] as const] : [];
  });
  return waiting.length === 0 ? null : readings.oldestAfter({ life: queue.life, offsets: Object.fromEntries(waiting) });
}

function staleness(lookedAt: number | null, now: number): string | null {
  if (lookedAt === null) return 'Nobody has looked at the partitions of the queue yet.';
  if (now - lookedAt <= STALE_MS) return null;
  return `The partitions of the queue were last looked at ${new Date(lookedAt).toISOString()}: the cluster does not answer.`;
}

/** Counts are those of records that the tap has stored: what is not read yet is missing in them. */
async function lookAtCounts(rule: AlertRule, { readings }: LookDeps): Promise<RuleLook> {
  const windowMs = rule.windowMs ?? 0;
  const [tap, { counts, spanMs }] = await Promise.all([readings.tap(), readings.counts(windowMs)]);
  const minutes = spanMs / 60_000;
  const bound = isBehind(tap) ? ({ bound: 'at least' } as const) : {};
  if (rule.kind === 'violation_rate' || rule.kind === 'violation_share') {
    const groups = groupBy(counts, ({ eventType, service }) => JSON.stringify([eventType, service]));
    const items = [...groups.values()].flatMap((group): RuleItem[] => {
      const [first] = group;
      if (first === undefined) return [];
      const labels = { event_type: first.eventType, service: first.service ?? '' };
      if (!isAbout(rule, labels)) return [];
      const [records, violating] = [sum(group, 'records'), sum(group, 'violating')];
      if (rule.kind === 'violation_rate') return [{ labels, value: violating / minutes, ...bound }];
      return records <= 0 ? [] : [{ labels, value: violating / records, ...bound }];
    });
    return { kind: 'read', items };
  }
  const dead = groupBy(
    counts.filter(({ kind, topic }) => kind === 'dead letter' && isAbout(rule, { queue: topic })),
    ({ cluster, topic }) => JSON.stringify([cluster, topic]),
  );
  const items = [...dead.values()].flatMap((group): RuleItem[] => {
    const [first] = group;
    if (first === undefined) return [];
    const labels = { queue: first.topic, cluster: first.cluster };
    const letters = sum(group, 'records');
    if (rule.kind === 'dead_letter_rate') return [{ labels, value: letters / minutes, ...bound }];
    const events = counts.filter(({ kind, cluster }) => kind === 'events' && cluster === first.cluster);
    const own = events.filter(({ base }) => base !== '' && base === first.base);
    const records = sum(own.length > 0 ? own : events, 'records');
    const of = own.length > 0 ? `events of ${own[0]?.topic ?? ''}` : 'all events';
    if (records <= 0) return [];
    return [{ labels, value: Math.min(1, letters / records), ...bound, said: { share_of: of } }];
  });
  return { kind: 'read', items };
}

async function lookAtLatency(rule: AlertRule, { readings }: LookDeps): Promise<RuleLook> {
  const [tap, rows] = await Promise.all([readings.tap(), readings.latency(rule.windowMs ?? 0)]);
  const items = rows
    .filter(({ eventType, verdict }) => verdict !== 'too few' && isAbout(rule, { event_type: eventType }))
    .map(({ eventType, p95Ms, objectiveMs, errorBound }): RuleItem => {
      // Slow only by more than the percentile may be off.
      const surely = p95Ms === null ? null : p95Ms * (1 - (errorBound ?? 0));
      const objective: Record<string, string> = objectiveMs === null ? {} : { objective_ms: String(objectiveMs) };
      return {
        labels: { event_type: eventType },
        ...{ value: surely, threshold: rule.threshold ?? objectiveMs },
        said: { p95_ms: String(Math.round((p95Ms ?? 0) * 10) / 10), ...objective },
        ...(isBehind(tap) && { trouble: { kind: 'no data', why: 'The tap is behind, so newer hops are not known.' } }),
      };
    });
  return { kind: 'read', items };
}

async function lookAtStalls(rule: AlertRule, { readings }: LookDeps): Promise<RuleLook> {
  const [tap, rows] = await Promise.all([readings.tap(), readings.stalls()]);
  const bound = isBehind(tap) ? ({ bound: 'at least' } as const) : {};
  const items = rows
    .filter(({ eventType }) => isAbout(rule, { event_type: eventType }))
    .map(({ eventType, traces, since }) => ({
      ...{ labels: { event_type: eventType }, value: traces, ...bound },
      said: { waiting_since: new Date(since).toISOString() },
    }));
  if (items.length === 0 && isBehind(tap)) return { kind: 'no data', why: tapTrouble(tap) };
  return { kind: 'read', items };
}

async function lookAtGroups(rule: AlertRule, { readings, now }: LookDeps): Promise<RuleLook> {
  const watch = await readings.watch();
  if (watch.sampledAt === null) return { kind: 'no data', why: 'No consumer group has been looked at yet.' };
  if (now - watch.sampledAt > STALE_MS) {
    return { kind: 'no data', why: `Consumer groups cannot be read: ${watch.failure ?? 'nobody looks at them'}` };
  }
  const rows = await readings.groupLags();
  const items = rows
    .filter(({ group, topic }) => isAbout(rule, { group, topic }))
    .map((row): RuleItem => {
      const value = rule.unit === 'ms' ? row.ms : row.records;
      return {
        ...{ labels: { group: row.group, topic: row.topic }, value },
        ...(value === null && { trouble: { kind: 'no data', why: 'The lag of the group is not known.' } }),
        said: row.records === null ? {} : { lag_records: String(row.records) },
      };
    });
  return { kind: 'read', items };
}

async function lookAtTap(rule: AlertRule, { readings }: LookDeps): Promise<RuleLook> {
  const tap = await readings.tap();
  if (!tap.connected) return { kind: 'no data', why: tapTrouble(tap) };
  if (rule.unit === 'records') return { kind: 'read', items: [{ labels: {}, value: tap.records }] };
  if (tap.behindMs === null)
    return { kind: 'no data', why: 'How old the unread records are is not known: partitions were not looked at yet.' };
  return { kind: 'read', items: [{ labels: {}, value: tap.behindMs, said: { lag_records: String(tap.records) } }] };
}

async function lookAtHoles(rule: AlertRule, { readings }: LookDeps): Promise<RuleLook> {
  const rows = await readings.holes(rule.windowMs ?? 0);
  const items = rows
    .filter(({ topic }) => isAbout(rule, { topic }))
    .map(({ topic, cluster, records, reasons }) => ({
      ...{ labels: { topic, cluster }, value: records, said: { reasons: reasons.join(', ') } },
    }));
  return { kind: 'read', items };
}

async function lookForEvents(rule: AlertRule, { readings, now }: LookDeps): Promise<RuleLook> {
  const backMs = (rule.threshold ?? 0) + 120_000;
  const [tap, last] = await Promise.all([readings.tap(), readings.lastStored(backMs)]);
  // Silence that nobody listened to is none.
  const bound = isBehind(tap) ? ({ bound: 'at most' } as const) : {};
  const items = [...last]
    .filter(([eventType]) => isAbout(rule, { event_type: eventType }))
    .map(
      ([eventType, at]): RuleItem => ({
        ...{ labels: { event_type: eventType }, value: at === null ? backMs : Math.max(0, now - at), ...bound },
        said: at === null ? {} : { last_stored: new Date(at).toISOString() },
      }),
    );
  return { kind: 'read', items };
}

/** What a rule may mean otherwise. An event type that nobody ever saw is no error: it may come. But it may also be a slip. */
export async function warningsOf(
  rule: AlertRule,
  readings: Pick<AlertReadings, 'eventTypes'>,
): Promise<readonly string[]> {
  const name = rule.scope.event_type;
  if (name === undefined || !kindFacts(rule.kind).scopes.includes('event_type')) return [];
  const known = await readings.eventTypes();
  const byType = { ...rule, scope: { event_type: name } };
  if ([...known].some((eventType) => isAbout(byType, { event_type: eventType }))) return [];
  const near = nearest(name, known);
  return [`No event of a type like "${name}" was ever stored${near === null ? '' : `; perhaps "${near}" is meant`}.`];
}

function isBehind({ connected, behindMs }: TapReading): boolean {
  return !connected || behindMs === null || behindMs > BEHIND_MS;
}

function tapTrouble({ connected }: TapReading): string {
  return connected ? 'The tap is behind, so newer records are not known.' : 'No tap is connected to the cluster.';
}

function sum(counts: readonly CountReading[], key: 'records' | 'violating'): number {
  return counts.reduce((total, count) => total + count[key], 0);
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
