import type { DriftList } from '../model/drift-wire.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { driftQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

/** `GET /drift`: fields that events of a type carry otherwise than before. */
export const listDrift: Handler = async (request, { reads, drift, clock }) => {
  const parsed = parseQuery(request, driftQuery);
  if (!parsed.ok) return parsed.refusal;
  const { event_type: eventType, ...given } = parsed.query;
  const range = wholeRange(given, clock.now());
  if (!range.ok) return range.refusal;
  const [found, asOf] = await Promise.all([
    drift({ ...range.instants, ...(eventType !== undefined && { eventType }) }),
    reads.asOf(),
  ]);
  const list: DriftList = { ...asOf, ...found };
  return json(list);
};
