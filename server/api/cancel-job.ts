import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { pathTail } from './path-tail.ts';
import { problem } from './problem.ts';
import { noQuery, UUID } from './queries.ts';
import { readBody } from './read-body.ts';
import { noBody } from './schemas/dialects.ts';

/** `POST /jobs/{id}/cancel`: stops a job after the records in hand; one that has ended stays as it ended. */
export const cancelJob: Handler = async (request, { jobs }) => {
  const tail = pathTail(request, '/api/v1/jobs/', 'id');
  if (!tail.ok) return tail.refusal;
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const id = tail.tail.replace(/\/cancel$/, '');
  if (!UUID.test(id)) return badParameters([{ name: 'id', reason: 'must be the id of a job.' }]);
  const read = await readBody(request, noBody);
  if (!read.ok) return read.refusal;
  const job = await jobs.cancel(id);
  if (job !== null) return json(job);
  return problem({
    kind: 'no-such-job',
    title: 'There is no such job',
    status: 404,
    detail: '/api/v1/jobs lists the newest.',
  });
};
