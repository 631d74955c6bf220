import type { AlertKind, AlertRule, AlertUnit } from '../model/alert-rule.ts';
import type { AlertState } from '../model/alert-state.ts';
import type { Owner } from '../model/ownership.ts';
import type { RuleItem } from './observe-rule.ts';

/** What was looked up when an alert began to fire. */
export interface AlertEvidence {
  readonly traces: readonly { readonly traceKey: string }[];
  readonly service: string | null;
  readonly owner: Owner | null;
}

const LONGEST = 1000;

/** What receivers are told of an alert beside its labels. Paths are below the external address. */
export function annotationsOf(
  rule: AlertRule,
  state: AlertState,
  item: RuleItem | undefined,
  { traces, service, owner }: AlertEvidence,
): Readonly<Record<string, string>> {
  const { queue } = state.labels;
  const said: Record<string, string | null> = {
    ...item?.said,
    summary: summaryOf(rule, state, item),
    description: descriptionOf(rule, owner),
    runbook_url: rule.runbook ?? owner?.runBook ?? null,
    service,
    owner_contact: owner?.contact ?? null,
    queue_url: queue === undefined ? null : `/dead-letters?queue=${encodeURIComponent(queue)}`,
    ...Object.fromEntries(
      traces.slice(0, 5).map(({ traceKey }, place) => [`trace_${place + 1}`, `/traces/key:${traceKey}`]),
    ),
  };
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, text]) =>
      text === null || text === '' ? [] : [[name, text.slice(0, LONGEST)]],
    ),
  );
}

function summaryOf(rule: AlertRule, { labels, value }: AlertState, item: RuleItem | undefined): string {
  const limit = item?.threshold ?? rule.threshold;
  const at = labels.queue ?? labels.topic ?? labels.event_type ?? 'all partitions';
  const about = labels.group === undefined ? at : `${labels.group} on ${labels.topic}`;
  const amount = value === null ? 'unknown' : quantityText(value, rule.unit);
  const over = limit === null ? '' : `, over ${quantityText(limit, rule.unit)}`;
  return `${about}: ${WHAT[rule.kind]} ${amount}${over}`;
}

const WHAT: Readonly<Record<AlertKind, string>> = {
  dead_letter_depth: 'dead letters that nobody has handled:',
  dead_letter_age: 'the oldest dead letter waits since',
  dead_letter_rate: 'dead letters come in,',
  dead_letter_share: 'of the events end as dead letters:',
  latency: 'p95 is',
  violation_rate: 'events break their schema,',
  violation_share: 'of the events break their schema:',
  stalls: 'is overdue in',
  consumer_lag: 'the group is behind by',
  tap_lag: 'the tap is behind by',
  coverage_hole: 'missing are',
  no_events: 'no event for',
};

function descriptionOf({ name, forMs }: AlertRule, owner: Owner | null): string {
  const lasted = forMs === 0 ? '' : ` It has been so for ${quantityText(forMs, 'ms')}.`;
  const who = owner === null ? 'Nobody is declared as owner.' : `Owner: ${owner.team}.`;
  return `Rule "${name}".${lasted} ${who}`;
}

/** A number with its unit, as a sentence has it. */
function quantityText(value: number, unit: AlertUnit): string {
  switch (unit) {
    case 'records':
      return `${Math.round(value)} ${Math.round(value) === 1 ? 'record' : 'records'}`;
    case 'traces':
      return `${Math.round(value)} ${Math.round(value) === 1 ? 'trace' : 'traces'}`;
    case 'per minute':
      return `${roundTo(value)} a minute`;
    case 'share':
      return `${roundTo(value * 100)} %`;
    case 'ms':
      return timeText(value);
  }
}

function timeText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 120) return `${roundTo(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${roundTo(seconds / 3600)} h`;
}

function roundTo(value: number): number {
  return Math.round(value * 10) / 10;
}
