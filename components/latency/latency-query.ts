import {
  LATENCY_EVIDENCES,
  LATENCY_GROUPS,
  LATENCY_SUBJECTS,
  type LatencyEvidence,
  type LatencyGroup,
  type LatencyRow,
  type LatencySubject,
} from '@/server/model/latency-wire.ts';

/** What the page's URL asks for; what it does not know is as if absent. */
export interface LatencyView {
  readonly subject: LatencySubject;
  readonly group: LatencyGroup;
  readonly evidence: LatencyEvidence;
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

export function readLatencyView(params: { get(name: string): string | null }): LatencyView {
  const oneOf = <T extends string>(name: string, values: readonly [T, ...T[]] | readonly T[], otherwise: T): T =>
    values.find((value) => value === params.get(name)) ?? otherwise;
  const subject = oneOf('subject', LATENCY_SUBJECTS, 'hop');
  return {
    subject,
    // Only hops have a cause and a service of their own to be told apart by.
    group: subject === 'hop' ? oneOf('group', LATENCY_GROUPS, 'event_type') : 'event_type',
    evidence: oneOf('evidence', LATENCY_EVIDENCES, 'all'),
  };
}

/** The query of `/latency` for all rows of a view, or for one of them with its distribution. */
export function latencyApiQuery(view: LatencyView, range: Range, row?: LatencyRow): string {
  const params = new URLSearchParams({
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    subject: view.subject,
    group: view.group,
    evidence: view.evidence,
  });
  for (const [name, value] of Object.entries(row === undefined ? {} : namesOf(row, view.group)))
    if (value !== null) params.set(name, value);
  return params.toString();
}

/** Whether a row can be asked for alone: the API takes an empty name as none. */
export function isNamed(row: LatencyRow, group: LatencyGroup): boolean {
  return Object.values(namesOf(row, group)).every((value) => value !== null && value !== '');
}

/** Tells the rows of a view apart; what stands in the URL as `sel`. */
export function rowKey(row: LatencyRow, group: LatencyGroup): string {
  switch (group) {
    case 'event_type':
      return row.event_type ?? '';
    case 'service':
      return row.service ?? '';
    case 'edge':
      return JSON.stringify([row.cause_type, row.event_type]);
  }
}

/** Traces behind a row, of the range shown; `longerMs` leaves out those that are too short to hold such a hop. */
export function rowTracesHref(row: LatencyRow, rangeQuery: string, longerMs?: number): string {
  const params = new URLSearchParams(rangeQuery);
  if (row.event_type !== null) params.set('event_type', row.event_type);
  else if (row.service !== null && row.service !== '') params.set('service', row.service);
  if (longerMs !== undefined && longerMs >= 1) params.set('min_duration_ms', String(Math.floor(longerMs)));
  return `/traces?${params}`;
}

function namesOf(row: LatencyRow, group: LatencyGroup): Record<string, string | null> {
  switch (group) {
    case 'event_type':
      return { event_type: row.event_type };
    case 'service':
      return { service: row.service };
    case 'edge':
      return { event_type: row.event_type, cause_type: row.cause_type };
  }
}
