import { type Micros, type Millis, micros } from '../model/time.ts';
import { badParameters } from './parse-query.ts';
import { resolveTime, type TimeParameter } from './time-parameter.ts';

interface GivenRange {
  readonly from?: TimeParameter | undefined;
  readonly to?: TimeParameter | undefined;
}

type Answer<T> = { readonly ok: true; readonly instants: T } | { readonly ok: false; readonly refusal: Response };

const HOUR_MS = 3_600_000;

/** The instants of `from` and `to`, where given. A range that ends before it begins is refused. */
export function instants({ from, to }: GivenRange, now: Millis): Answer<{ from?: Micros; to?: Micros }> {
  const fromUs = from && resolveTime(from, now);
  const toUs = to && resolveTime(to, now);
  if (fromUs !== undefined && toUs !== undefined && fromUs > toUs) return { ok: false, refusal: endsFirst() };
  return {
    ok: true,
    instants: { ...(fromUs !== undefined && { from: fromUs }), ...(toUs !== undefined && { to: toUs }) },
  };
}

/** A whole range: it ends now and is an hour long where the query does not say. */
export function wholeRange(given: GivenRange, now: Millis): Answer<{ from: Micros; to: Micros }> {
  const to: TimeParameter = given.to ?? { kind: 'ago', ms: 0 };
  const from: TimeParameter = given.from ?? beforeEnd(to);
  const [fromUs, toUs] = [resolveTime(from, now), resolveTime(to, now)];
  return fromUs > toUs ? { ok: false, refusal: endsFirst() } : { ok: true, instants: { from: fromUs, to: toUs } };
}

function beforeEnd(to: TimeParameter): TimeParameter {
  if (to.kind === 'ago') return { kind: 'ago', ms: to.ms + HOUR_MS };
  return { kind: 'at', at: micros(to.at - HOUR_MS * 1000) };
}

function endsFirst(): Response {
  return badParameters([{ name: 'to', reason: 'is before from.' }]);
}
