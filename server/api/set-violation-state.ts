import { micros } from '../model/time.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { problem } from './problem.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { stateRequest } from './schemas/violations.ts';

/** `POST /violations/state`: what somebody says of a group. */
export const setViolationState: Handler = async (request, { violations }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, stateRequest);
  if (!read.ok) return read.refusal;
  const { group, state, until, note } = read.body;
  const known = await violations.set({
    ...{ group, state },
    ...(until != null && { until: micros(Date.parse(until) * 1000) }),
    ...(note != null && { note }),
  });
  if (known) return json({ group, state });
  return problem({
    kind: 'no-such-group',
    title: 'There is no such group of violations',
    status: 404,
    detail: '/api/v1/violations lists them; one that nothing is stored of any more is gone.',
  });
};
