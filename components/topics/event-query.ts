import { REASONS, type Reason } from '@/server/model/reason.ts';

/** Filters of a list of events as the page's address holds them; the API takes the same names. */
export const EVENT_FILTERS = ['reason', 'topic', 'type', 'service', 'dialect'] as const;

export type EventFilterName = (typeof EVENT_FILTERS)[number];

/** A list of events: which group of them, filtered by what, in which time. */
export interface EventQuery {
  readonly group: EventGroup;
  readonly filters: Readonly<Partial<Record<EventFilterName, string>>>;
  /** Only what was stored in the page's time range; else of any time. */
  readonly inRange: boolean;
}

/** Lists of events, by tab. Telemetry is a reason of its own, so that tab is a filter by it. */
export const EVENT_GROUPS = ['undecodable', 'uncorrelated', 'telemetry', 'events'] as const;

export type EventGroup = (typeof EVENT_GROUPS)[number];

/** Name in the address of `inRange`. */
const WITHIN = 'within';

/** What an address asks of a list of events. A reason that does not exist is none. */
export function readEventQuery(group: EventGroup, params: { get(name: string): string | null }): EventQuery {
  const filters: Partial<Record<EventFilterName, string>> = {};
  for (const name of EVENT_FILTERS) {
    const value = params.get(name)?.trim() ?? '';
    if (value !== '' && (name !== 'reason' || isReason(value))) filters[name] = value;
  }
  return { group, filters, inRange: params.get(WITHIN) === 'range' };
}

/** The address's query with these filters instead of its own; everything else in it stays but the selection. */
export function withEventQuery(params: URLSearchParams, { filters, inRange }: Omit<EventQuery, 'group'>): string {
  const next = new URLSearchParams(params);
  next.delete('sel');
  for (const name of EVENT_FILTERS) {
    const value = filters[name] ?? '';
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  if (inRange) next.set(WITHIN, 'range');
  else next.delete(WITHIN);
  return next.toString();
}

/** The API's query for a list of events; times are of storing, the clock that counts go by. */
export function eventsPath(
  { group, filters, inRange }: EventQuery,
  range: { readonly fromMs: number; readonly toMs: number },
): string {
  const params = new URLSearchParams({ ...filters });
  if (group === 'undecodable' || group === 'uncorrelated') params.set('has', group);
  if (group === 'telemetry') params.set('reason', 'telemetry');
  params.set('clock', 'stored');
  if (inRange) {
    params.set('from', new Date(range.fromMs).toISOString());
    params.set('to', new Date(range.toMs).toISOString());
  }
  params.set('limit', '100');
  return `/api/v1/events?${params}`;
}

/** What was typed into the filter line: `topic:x type:x service:x dialect:x`; a word alone is a topic. */
export function parseEventFilters(text: string): EventQuery['filters'] {
  const filters: Partial<Record<EventFilterName, string>> = {};
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const named = /^(topic|type|service|dialect):(.+)$/i.exec(word);
    filters[fieldOf(named?.[1])] = named?.[2] ?? word;
  }
  return filters;
}

/** The filters as they would be typed; the reason is chosen, not typed. */
export function eventFilterText({ topic, type, service, dialect }: EventQuery['filters']): string {
  const named = { topic, type, service, dialect };
  return Object.entries(named)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]))
    .join(' ');
}

function fieldOf(word: string | undefined): EventFilterName {
  const name = word?.toLowerCase();
  return EVENT_FILTERS.find((one) => one === name) ?? 'topic';
}

export function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text);
}
