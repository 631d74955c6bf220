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

/** A filter with its value in quotes, or anything up to the next space. */
const PARTS = /(service|type|topic|status):"((?:[^"\\]|\\.)*)"(?=\s|$)|\S+/gi;

/**
 * What was typed into the filter line, as filters: `service:x`, `type:"a name with spaces"`, `topic:x`, `status:done`,
 * `duration>500ms`; the rest is looked up as an id.
 */
export function parseFilterText(text: string): TraceQuery {
  const query: TraceQuery = {};
  const words: string[] = [];
  for (const [word, field, quoted] of text.matchAll(PARTS)) {
    const named = /^(service|type|topic|status):(.+)$/i.exec(word);
    const duration = /^duration>=?(\d+(?:\.\d+)?)(ms|s|m)?$/i.exec(word);
    if (field !== undefined && quoted !== undefined) query[fieldOf(field)] = quoted.replaceAll(/\\(.)/g, '$1');
    else if (duration !== null) query.min_duration_ms = String(Math.ceil(Number(duration[1]) * factor(duration[2])));
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
    query.service && `service:${typed(query.service)}`,
    query.event_type && `type:${typed(query.event_type)}`,
    query.topic && `topic:${typed(query.topic)}`,
    query.status && `status:${typed(query.status)}`,
    query.min_duration_ms && `duration>${query.min_duration_ms}ms`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** In quotes where it would not be read back as one word: names of services and types hold anything. */
function typed(value: string): string {
  return /[\s"]/.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value;
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
