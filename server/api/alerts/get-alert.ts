import type { AlertDetail } from '../../model/alert-wire.ts';
import type { Handler } from '../api-deps.ts';
import { json } from '../json.ts';
import { parseQuery } from '../parse-query.ts';
import { pathTail } from '../path-tail.ts';
import { noQuery } from '../queries.ts';
import { noSuchAlert } from './problems.ts';
import { alertTeller, toTransitionWire } from './to-wire.ts';

/** `GET /alerts/{fingerprint}`: one alert with its past. */
export const getAlert: Handler = async (request, { alerts: desk, ownership, clock, reads }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const path = pathTail(request, '/api/v1/alerts/', 'fingerprint');
  if (!path.ok) return path.refusal;
  const [found, asOf] = await Promise.all([desk.alert(path.tail), reads.asOf()]);
  if (found === null) return noSuchAlert();
  const { alert, transitions, more } = found;
  const answer: AlertDetail = {
    ...asOf,
    alert: alert === null ? null : alertTeller({ ...found, ownership, now: clock.now() })(alert),
    transitions: transitions.map(toTransitionWire),
    more_transitions: more,
  };
  return json(answer);
};
