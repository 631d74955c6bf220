/** The stored events of a type, in a range that is written as a query. */
export function eventsHref(eventType: string, range: string): string {
  return hrefOf('/topics', range, { tab: 'events', type: eventType, within: 'range' });
}

/** The groups of a type in the violation log, whatever was said of them. */
export function logHref(eventType: string, range: string): string {
  return hrefOf('/violations', range, { show: 'all', q: eventType });
}

function hrefOf(path: string, range: string, query: Readonly<Record<string, string>>): string {
  const params = new URLSearchParams(range);
  for (const [name, value] of Object.entries(query)) params.set(name, value);
  return `${path}?${params}`;
}
