import { traceKeyFromHex } from '../model/trace-key.ts';
import type { Reads, TraceName } from '../ports/reads.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { pathTail } from './path-tail.ts';
import { problem } from './problem.ts';
import { traceQuery } from './queries.ts';

const PAGE = 1000;
const BY_KEY = 'key:';

/**
 * `GET /traces/{correlation_id}` or `/traces/key:{32 hex}`. An id that is itself `key:` and 32 hex digits is found by
 * `/traces?correlation_id=`.
 */
export const getTrace: Handler = async (request, { reads }) => {
  const id = pathTail(request, '/api/v1/traces/', 'correlation_id');
  if (!id.ok) return id.refusal;
  const parsed = parseQuery(request, traceQuery);
  if (!parsed.ok) return parsed.refusal;
  const { include, limit = PAGE, cursor } = parsed.query;
  const name = traceName(id.tail);
  const options = { includePayload: include === 'payload', limit, ...(cursor !== undefined && { cursor }) };
  const trace = await reads.trace(name, options);
  return trace === null ? notFound(name, reads) : json(trace);
};

function traceName(text: string): TraceName {
  const key = text.startsWith(BY_KEY) ? traceKeyFromHex(text.slice(BY_KEY.length)) : null;
  return key === null ? { id: text } : { key };
}

/** Says what was searched and which ids begin alike, so that a typo and an unread record look different. */
async function notFound(name: TraceName, reads: Reads): Promise<Response> {
  const asked = 'id' in name ? { correlationId: name.id } : { q: name.key };
  const [nearest, { searched }] = await Promise.all([
    'id' in name ? reads.nearestIds(name.id) : [],
    reads.traces({ ...asked, singles: 'all', includeLine: false, limit: 1 }),
  ]);
  return problem({
    kind: 'no-such-trace',
    title: 'No event is stored under this id',
    status: 404,
    detail: searched && `${searched.records} records were searched; ${searched.lag} on the brokers are not read yet.`,
    nearest,
    ...(searched && { searched }),
  });
}
