import type { AlertList, AlertStateName, AlertWire } from '../../model/alert-wire.ts';
import type { Handler } from '../api-deps.ts';
import { json } from '../json.ts';
import { badParameters, parseQuery } from '../parse-query.ts';
import { alertsQuery } from '../queries.ts';
import { resolveTime } from '../time-parameter.ts';
import { alertTeller, instant, maybeInstant, toTransitionWire } from './to-wire.ts';

const DAY_MS = 86_400_000;
/** So many alerts are listed; counts are of all. */
const MOST_LISTED = 1_000;

/** `GET /alerts`: what fires, what cannot be told, and what changed in a range. */
export const listAlerts: Handler = async (request, { alerts: desk, ownership, clock, reads }) => {
  const parsed = parseQuery(request, alertsQuery);
  if (!parsed.ok) return parsed.refusal;
  const now = clock.now();
  const to = parsed.query.to === undefined ? now + 1 : resolveTime(parsed.query.to, now) / 1000;
  const from = parsed.query.from === undefined ? to - DAY_MS : resolveTime(parsed.query.from, now) / 1000;
  if (from >= to) return badParameters([{ name: 'from', reason: 'must be before to.' }]);
  const [overview, asOf] = await Promise.all([desk.overview({ from, to }), reads.asOf()]);
  const told = overview.alerts.map(alertTeller({ ...overview, ownership, now }));
  const { state, severity } = parsed.query;
  const wanted = told.filter(
    (alert) =>
      (state === undefined || alert.state === state) && (severity === undefined || alert.severity === severity),
  );
  const answer: AlertList = {
    ...asOf,
    alerts: wanted.slice(0, MOST_LISTED),
    more: overview.moreAlerts || wanted.length > MOST_LISTED,
    counts: countsOf(told),
    ...{ from: instant(from), to: instant(to) },
    transitions: overview.transitions.map(toTransitionWire),
    more_transitions: overview.more,
    evaluated_at: maybeInstant(overview.evaluatedAt),
  };
  return json(answer);
};

function countsOf(alerts: readonly AlertWire[]): Record<AlertStateName, number> {
  const counts = { inactive: 0, pending: 0, firing: 0, resolved: 0, 'no data': 0, error: 0 };
  for (const { state } of alerts) counts[state] += 1;
  return counts;
}
