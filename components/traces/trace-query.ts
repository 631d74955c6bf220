/** Filters of the traces list as the page's URL holds them; the API takes the same names. */
export const TRACE_FILTERS = ['q', 'event_type', 'service', 'topic', 'status', 'min_duration_ms', 'singles'] as const;

export type TraceFilterName = (typeof TRACE_FILTERS)[number];
export type TraceQuery = Partial<Record<TraceFilterName, string>>;

/** What each filter is called in the filter line. */
export const FILTER_WORDS: Record<TraceFilterName, string> = {
  q: 'id',
  event_type: 'type',
  service: 'service',
  topic: 'topic',
  status: 'status',
  min_duration_ms: 'longer than',
  singles: 'singles',
};

/** Rows of one page of the list. */
export const PAGE_ROWS = 50;

/** The filters set in a URL's query, empty ones left out. */
export function readTraceQuery(params: { get(name: string): string | null }): TraceQuery {
  const query: TraceQuery = {};
  for (const name of TRACE_FILTERS) {
    const value = params.get(name)?.trim() ?? '';
    if (value !== '') query[name] = value;
  }
  return query;
}

/**
 * What was typed into the filter line, as filters: `service:x`, `type:x`, `topic:x`, `status:done`, `duration>500ms`;
 * the rest is looked up as an id.
 */
export function parseFilterText(text: string): TraceQuery {
  const query: TraceQuery = {};
  const words: string[] = [];
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const named = /^(service|type|topic|status):(.+)$/i.exec(word);
    const duration = /^duration>=?(\d+(?:\.\d+)?)(ms|s|m)?$/i.exec(word);
    if (duration !== null) query.min_duration_ms = String(Math.ceil(Number(duration[1]) * factor(duration[2])));
    else if (named === null) words.push(word);
    else query[fieldOf(named[1] ?? '')] = named[2] ?? '';
  }
  if (words.length > 0) query.q = words.join(' ');
  return query;
}

/** The filters as they would be typed. */
export function filterText(query: TraceQuery): string {
  const parts = [
    query.q,
    query.service && `service:${query.service}`,
    query.event_type && `type:${query.event_type}`,
    query.topic && `topic:${query.topic}`,
    query.status && `status:${query.status}`,
    query.min_duration_ms && `duration>${query.min_duration_ms}ms`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** The API's query for these filters. An id is looked up at any time, anything else in the range. */
export function apiQuery(
  query: TraceQuery,
  range: { readonly fromMs: number; readonly toMs: number } | null,
  cursor?: string,
): string {
  const params = new URLSearchParams(query);
  if (range !== null && query.q === undefined) {
    params.set('from', new Date(range.fromMs).toISOString());
    params.set('to', new Date(range.toMs).toISOString());
  }
  params.set('limit', String(PAGE_ROWS));
  if (cursor !== undefined) params.set('cursor', cursor);
  return params.toString();
}

function fieldOf(word: string): TraceFilterName {
  switch (word.toLowerCase()) {
    case 'type':
      return 'event_type';
    case 'service':
      return 'service';
    case 'topic':
      return 'topic';
    default:
      return 'status';
  }
}

function factor(unit: string | undefined): number {
  return unit?.toLowerCase() === 's' ? 1000 : unit?.toLowerCase() === 'm' ? 60_000 : 1;
}
