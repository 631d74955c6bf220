import type { Handler } from './api-deps.ts';
import { isStorableRecordId } from './get-event.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { pathTail } from './path-tail.ts';
import { problem } from './problem.ts';
import { noQuery } from './queries.ts';

/** `GET /dead-letters/records/{cluster}/{topic}~{n}/{partition}/{offset}`: one dead letter beside its original. */
export const getDeadLetter: Handler = async (request, { deadLetters }) => {
  const id = pathTail(request, '/api/v1/dead-letters/records/', 'id');
  if (!id.ok) return id.refusal;
  const parsed = parseQuery(request, noQuery);
  if (!parsed.ok) return parsed.refusal;
  if (!isStorableRecordId(id.tail)) {
    return badParameters([{ name: 'id', reason: 'must be {cluster}/{topic}~{n}/{partition}/{offset}.' }]);
  }
  const found = await deadLetters.record(id.tail);
  if (found !== null) return json(found);
  return problem({
    kind: 'no-such-dead-letter',
    title: 'No dead letter is stored at these coordinates',
    status: 404,
    detail:
      'It may not be read yet, its day may have been dropped, or the record there is none: /api/v1/events has it.',
  });
};
