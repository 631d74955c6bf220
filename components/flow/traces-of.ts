/** Traces with an event of this type, of the range shown. */
export function typeTracesHref(eventType: string, range: string): string {
  const params = new URLSearchParams(range);
  params.set('event_type', eventType);
  return `/traces?${params}`;
}

/** Traces with an event of this service, of the range shown. */
export function serviceTracesHref(service: string, range: string): string {
  const params = new URLSearchParams(range);
  params.set('service', service);
  return `/traces?${params}`;
}

/** Traces shown in the dock; the link leads to all. */
const NEWEST = 6;

/** The API's path for the newest traces of a range that hold what is asked for, events that appear alone among them. */
export function newestPath(
  query: Readonly<Record<string, string>>,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): string {
  const times = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  return `/api/v1/traces?${new URLSearchParams({ ...query, ...times, singles: 'all', limit: String(NEWEST) })}`;
}
