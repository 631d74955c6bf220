import type { labelsOf } from '../../alerts/alert-labels.ts';
import { isSilenced, matcherTrouble, matchesAll } from '../../alerts/silences.ts';
import type { SilenceList, SilenceWire } from '../../model/alert-wire.ts';
import type { Ownership } from '../../model/ownership.ts';
import type { Silence } from '../../model/silence.ts';
import type { AlertDesk } from '../../ports/alert-desk.ts';
import type { Handler } from '../api-deps.ts';
import { json } from '../json.ts';
import { badParameters, parseQuery } from '../parse-query.ts';
import { pathTail } from '../path-tail.ts';
import { problem } from '../problem.ts';
import { noQuery } from '../queries.ts';
import { readBody } from '../read-body.ts';
import { silenceRequest } from '../schemas/alerts.ts';
import { alertTeller, instant } from './to-wire.ts';

type Labels = ReturnType<typeof labelsOf>;

const LONGEST_MS = 366 * 86_400_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `GET /silences` */
export const listSilences: Handler = async (request, { alerts: desk, ownership, clock, reads }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const now = clock.now();
  const [silences, labels, asOf] = await Promise.all([
    desk.silences(),
    labelsOfAlerts(desk, ownership, now),
    reads.asOf(),
  ]);
  const answer: SilenceList = { ...asOf, silences: silences.map((silence) => toWire(silence, now, labels)) };
  return json(answer);
};

/** What silences are held against: the labels of alerts that are active. */
async function labelsOfAlerts(desk: AlertDesk, ownership: Ownership, now: number): Promise<readonly Labels[]> {
  const overview = await desk.overview({ from: now, to: now });
  const tell = alertTeller({ ...overview, ownership, now });
  return overview.alerts.map((state) => tell(state).labels);
}

function toWire(silence: Silence, now: number, alerts: readonly Labels[]): SilenceWire {
  const { id, matchers, from, until, reason, author } = silence;
  return {
    ...{ id, matchers, from: instant(from), until: instant(until), reason, author },
    state: until <= now ? 'ended' : from > now ? 'to come' : 'active',
    alerts: alerts.filter((labels) => isSilenced(silence, labels, now)).length,
  };
}

/** `POST /silences`: nothing is told of alerts that all matchers fit, until it ends. */
export const createSilence: Handler = async (request, { alerts: desk, ownership, clock }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, silenceRequest);
  if (!read.ok) return read.refusal;
  const now = clock.now();
  const { matchers, reason, author } = read.body;
  const from = read.body.from == null ? now : Date.parse(read.body.from);
  const until = Date.parse(read.body.until);
  const faults = matchers.flatMap((matcher, place) => {
    const trouble = matcherTrouble(matcher);
    return trouble === null ? [] : [{ name: `matchers.${place}`, reason: `${trouble}.` }];
  });
  if (matchesAll(matchers)) faults.push({ name: 'matchers', reason: 'would silence every alert; say which.' });
  if (until <= now || until <= from) faults.push({ name: 'until', reason: 'must lie ahead, and after from.' });
  if (until - from > LONGEST_MS) faults.push({ name: 'until', reason: 'must be at most a year after from.' });
  if (faults.length > 0) return badParameters(faults);
  const made = await desk.createSilence({ matchers, from, until, reason, author });
  if (made !== 'full') return json(toWire(made, now, await labelsOfAlerts(desk, ownership, now)), 201);
  return problem({
    kind: 'too-many-silences',
    title: 'There are too many silences',
    status: 409,
    detail: 'End some that nobody needs, or write one with a pattern.',
  });
};

/** `DELETE /silences/{id}`: it ends now, and stays in the list of those that have ended. */
export const endSilence: Handler = async (request, { alerts: desk }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const path = pathTail(request, '/api/v1/silences/', 'id');
  if (!path.ok) return path.refusal;
  if (UUID.test(path.tail) && (await desk.endSilence(path.tail))) return json({ id: path.tail });
  return problem({
    kind: 'no-such-silence',
    title: 'There is no such silence',
    status: 404,
    detail: '/api/v1/silences lists them; one that has ended cannot end again.',
  });
};
