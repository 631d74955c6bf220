import type { Handler } from '../api-deps.ts';
import { json } from '../json.ts';
import { parseQuery } from '../parse-query.ts';
import { pathTail } from '../path-tail.ts';
import { problem } from '../problem.ts';
import { noQuery } from '../queries.ts';
import { readBody } from '../read-body.ts';
import { acknowledgeRequest } from '../schemas/alerts.ts';
import { noSuchAlert } from './problems.ts';
import { instant } from './to-wire.ts';

/** `POST /alerts/{fingerprint}/acknowledge`: somebody takes care of its present firing, so that nothing is repeated. */
export const acknowledgeAlert: Handler = async (request, { alerts: desk }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const path = pathTail(request, '/api/v1/alerts/', 'fingerprint');
  if (!path.ok) return path.refusal;
  const read = await readBody(request, acknowledgeRequest);
  if (!read.ok) return read.refusal;
  const { author, note = null } = read.body;
  const made = await desk.acknowledge(path.tail.replace(/\/acknowledge$/, ''), { author, note });
  if (made === 'unknown') return noSuchAlert();
  if (made === 'not firing') {
    return problem({
      kind: 'not-firing',
      title: 'The alert does not fire',
      status: 409,
      detail: 'Only a firing alert can be acknowledged; the next firing is another one.',
    });
  }
  return json({ at: instant(made.at), author: made.author, note: made.note });
};
