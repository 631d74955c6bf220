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
