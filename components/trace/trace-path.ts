/** Longest id that is written into an address; longer ones go by key. */
const ADDRESS_LIMIT = 256;

/**
 * Where a trace's page is. The id as events write it where it survives a URL unchanged, else its key: too long or cut
 * ids, `.` and `..` (browsers resolve them), ids that look like a key address, halves of surrogate pairs.
 */
export function traceHref(trace: {
  /** Null where it is not told. */
  readonly correlation_id: string | null;
  readonly correlation_id_truncated?: boolean;
  readonly trace_key: string;
}): string {
  const { correlation_id: id } = trace;
  return trace.correlation_id_truncated === true || id === null || !survives(id)
    ? `/traces/key:${trace.trace_key}`
    : `/traces/${encodeURIComponent(id)}`;
}

/** Where the page of a bare id is; ids that no URL can carry answer null. */
export function idHref(id: string): string | null {
  return survives(id) ? `/traces/${encodeURIComponent(id)}` : null;
}

/** The API's address of a trace by the id in the page's own address. */
export function traceApiPath(id: string): string {
  return `/api/v1/traces/${encodeURIComponent(id)}`;
}

/** The API's address of one event. Record ids hold `/` between parts that need none. */
export function eventApiPath(recordId: string): string {
  return `/api/v1/events/${recordId.split('/').map(encodeURIComponent).join('/')}`;
}

/** The id that a catch-all route received: its segments, decoded once and joined. */
export function idFromSegments(segments: readonly string[]): string {
  return segments.map(decoded).join('/');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // A lone % is the text itself.
  }
}

function survives(id: string): boolean {
  return (
    id !== '' && id !== '.' && id !== '..' && id.length <= ADDRESS_LIMIT && !/^key:/i.test(id) && !/\p{Cs}/u.test(id)
  );
}
