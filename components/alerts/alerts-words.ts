import { formatDuration, formatSpan } from '@/components/ui/format-duration.ts';
import { formatCount, formatCounted, formatRate, formatShare } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { AlertKind, AlertUnit, WrittenRule } from '@/server/model/alert-rule.ts';
import type { AlertList, AlertRuleWire, AlertStateName, AlertWire, ThresholdWire } from '@/server/model/alert-wire.ts';

/** The ink of what a rule watches. */
export const KIND_MARK: Record<
  AlertKind,
  Exclude<MarkKind, 'running' | 'done' | 'reopened' | 'unknown' | 'flowing'>
> = {
  dead_letter_depth: 'dead',
  dead_letter_age: 'dead',
  dead_letter_rate: 'dead',
  dead_letter_share: 'dead',
  latency: 'slow',
  violation_rate: 'violating',
  violation_share: 'violating',
  stalls: 'stalled',
  consumer_lag: 'stalled',
  tap_lag: 'stalled',
  coverage_hole: 'stalled',
  no_events: 'stalled',
};

/** What a rule watches, as short as a cell. */
const SUBJECT: Record<AlertKind, string> = {
  dead_letter_depth: 'depth',
  dead_letter_age: 'oldest',
  dead_letter_rate: 'arrivals',
  dead_letter_share: 'share dead-lettered',
  latency: 'p95',
  violation_rate: 'violations',
  violation_share: 'share violating',
  stalls: 'stalled traces',
  consumer_lag: 'lag',
  tap_lag: 'tap behind by',
  coverage_hole: 'records missing',
  no_events: 'no event for',
};

/** A number in the unit of a rule; `–` where there is none. */
export function valueWords(value: number | null, unit: AlertUnit): string {
  if (value === null) return '–';
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'per minute':
      return `${formatRate(value)}/min`;
    case 'share':
      return formatShare(value);
    case 'records':
    case 'traces':
      return formatCount(value);
  }
}

/** A threshold is round, as whoever wrote it made it: `24 h`, not `1 d 00 h`. */
function limitWords(value: number, unit: AlertUnit): string {
  return unit === 'ms' ? formatSpan(value) : valueWords(value, unit);
}

/** `depth > 100 for 5m`: the condition of a rule, scope first. */
export function conditionWords(kind: AlertKind, threshold: ThresholdWire, written: WrittenRule): string {
  const scope = [written.queue, written.topic, written.event_type, written.service, written.group].filter(Boolean);
  const limit = threshold.value === null ? 'its objective' : limitWords(threshold.value, threshold.unit);
  return [...scope, SUBJECT[kind], '>', limit, ...(written.for === undefined ? [] : ['for', written.for])].join(' ');
}

export const STATE_WORDS: Record<AlertStateName, string> = {
  firing: 'Firing',
  pending: 'Pending',
  resolved: 'Resolved',
  inactive: 'OK',
  'no data': 'No data',
  error: 'Error',
};

/** Shape of an alert: that of what it watches while it fires, of not knowing where nothing can be told. */
export function alertMark({ state, held, kind }: Pick<AlertWire, 'state' | 'held' | 'kind'>): MarkKind {
  if (state === 'firing') return KIND_MARK[kind];
  if (state === 'no data' || state === 'error') return held === 'firing' ? KIND_MARK[kind] : 'unknown';
  return state === 'pending' ? 'running' : 'done';
}

/** What tells one alert from the others of its rule; empty for a rule that has one alone. */
export function alertSubject({ labels }: Pick<AlertWire, 'labels'>): string {
  const { queue, topic, event_type, service, group } = labels;
  return [queue, group, topic, event_type, service].filter((text) => text !== undefined && text !== '').join(' · ');
}

/** An alert that fires: also one that cannot be told at the moment and fired before. */
export function fires({ state, held }: Pick<AlertWire, 'state' | 'held'>): boolean {
  return state === 'firing' || ((state === 'no data' || state === 'error') && held === 'firing');
}

/** Nobody has taken it, and no silence holds it. */
export function hasNobody({ acknowledged, silenced_by }: Pick<AlertWire, 'acknowledged' | 'silenced_by'>): boolean {
  return acknowledged === null && silenced_by.length === 0;
}

/** What the page says first. */
export function alertsVerdict(list: AlertList): { readonly mark: MarkKind; readonly sentence: string } {
  const firing = list.alerts.filter(fires);
  const [first] = firing;
  if (first === undefined) {
    if (list.evaluated_at === null) return { mark: 'unknown', sentence: 'No rule was evaluated yet' };
    const lost = list.counts['no data'] + list.counts.error;
    return lost > 0
      ? { mark: 'unknown', sentence: `No alert fires, ${formatCounted(lost, 'alert')} cannot be told` }
      : { mark: 'flowing', sentence: 'No alert fires' };
  }
  const alone = firing.filter(hasNobody).length;
  const fire = firing.length === 1 ? '1 alert fires' : `${formatCount(firing.length)} alerts fire`;
  const nobody = alone === 0 ? 'all are taken' : `${formatCount(alone)} ${alone === 1 ? 'has' : 'have'} nobody`;
  return { mark: KIND_MARK[first.kind], sentence: `${list.more ? '≥ ' : ''}${fire}, ${nobody}` };
}

/** A row of the page: an alert, or a rule that has none. */
export type Row =
  | { readonly key: string; readonly alert: AlertWire; readonly rule: AlertRuleWire | null }
  | { readonly key: string; readonly alert: null; readonly rule: AlertRuleWire };

/** Alerts in the server's order, then the rules without any by name; a rule that another shadows is not evaluated and left out. */
export function rowsOf(alerts: readonly AlertWire[], rules: readonly AlertRuleWire[]): readonly Row[] {
  const inForce = rules.filter(({ shadowed }) => !shadowed);
  const ruleOf = new Map(inForce.map((rule) => [rule.name, rule]));
  const withAlert = new Set(alerts.map(({ rule }) => rule));
  return [
    ...alerts.map((alert) => ({ key: alert.fingerprint, alert, rule: ruleOf.get(alert.rule) ?? null })),
    ...inForce
      .filter(({ name }) => !withAlert.has(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((rule) => ({ key: `rule ${rule.name}`, alert: null, rule })),
  ];
}

export const RULE_STATE_WORDS: Record<AlertRuleWire['state'], { readonly mark: MarkKind; readonly word: string }> = {
  ok: { mark: 'done', word: 'OK' },
  'no data': { mark: 'unknown', word: 'No data' },
  error: { mark: 'unknown', word: 'Error' },
  off: { mark: 'unknown', word: 'Off' },
  waiting: { mark: 'unknown', word: 'Not yet' },
};
