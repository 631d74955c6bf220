import { parseRecordId } from '../model/record.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { pathTail } from './path-tail.ts';
import { problem } from './problem.ts';
import { noQuery } from './queries.ts';

const LAST_OFFSET = 2n ** 63n - 1n;
const LAST_INTEGER = 2 ** 31 - 1;

/** `GET /events/{cluster}/{topic}~{n}/{partition}/{offset}`: one event whole, resolved anew from its bytes. */
export const getEvent: Handler = async (request, { reads }) => {
  const id = pathTail(request, '/api/v1/events/', 'id');
  if (!id.ok) return id.refusal;
  const parsed = parseQuery(request, noQuery);
  if (!parsed.ok) return parsed.refusal;
  if (!isStorableRecordId(id.tail)) {
    return badParameters([{ name: 'id', reason: 'must be {cluster}/{topic}~{n}/{partition}/{offset}.' }]);
  }
  const event = await reads.event(id.tail);
  if (event !== null) return json(event);
  return problem({
    kind: 'no-such-event',
    title: 'No record is stored at these coordinates',
    status: 404,
    detail: 'It may not be read yet, or its day has been dropped: /api/v1/coverage says which offsets are stored.',
  });
};

/** True for a record id that the store can be asked for: its numbers fit their columns. */
export function isStorableRecordId(text: string): boolean {
  const id = parseRecordId(text);
  return (
    id !== null &&
    !text.includes('\0') &&
    id.n <= LAST_INTEGER &&
    id.partition <= LAST_INTEGER &&
    id.offset <= LAST_OFFSET
  );
}
