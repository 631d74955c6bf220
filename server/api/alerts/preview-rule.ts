import { z } from 'zod';
import { lookByKind, warningsOf } from '../../alerts/look.ts';
import { type RuleRun, runRule } from '../../alerts/preview-rule.ts';
import { receiverWarnings } from '../../alerts/receiver-warnings.ts';
import type { RulePreview } from '../../model/alert-wire.ts';
import type { Handler } from '../api-deps.ts';
import { json } from '../json.ts';
import { parseQuery } from '../parse-query.ts';
import { noQuery } from '../queries.ts';
import { readBody } from '../read-body.ts';
import { ruleOf } from './problems.ts';
import { instant, maybeInstant } from './to-wire.ts';

const DAY_MS = 86_400_000;
const MOST_SERIES = 20;
const MOST_FIRINGS = 200;

/** `POST /alert-rules/preview`: what a rule would have done in the last 24 hours. Nothing is changed. */
export const previewRule: Handler = async (request, { alertHistory, receivers, clock, reads }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, z.unknown());
  if (!read.ok) return read.refusal;
  const given = ruleOf(read.body);
  if (!given.ok) return given.refusal;
  const { rule, written } = given;
  const now = clock.now();
  const [past, told, asOf] = await Promise.all([
    alertHistory.load(rule, { from: now - DAY_MS, to: now }),
    receivers.list(),
    reads.asOf(),
  ]);
  const to = Math.floor(now / past.stepMs) * past.stepMs;
  const from = to - Math.floor(DAY_MS / past.stepMs) * past.stepMs;
  const looks = [];
  if (past.at !== null) {
    for (let at = from; at <= to; at += past.stepMs) {
      looks.push({ at, look: await lookByKind(rule, { ...past.at(at), markOf: () => null, now: at }) });
    }
  }
  const run = runRule(rule, looks);
  const answer: RulePreview = {
    ...asOf,
    rule: written,
    threshold: { value: rule.threshold, unit: rule.unit },
    ...{ from: instant(from), to: instant(to), basis: past.basis, has_history: past.at !== null },
    step_s: past.stepMs / 1000,
    ...toWire(run),
    warnings: [
      ...(await warningsOf(rule, past)),
      ...receiverWarnings(
        rule.receivers,
        told.map(({ name }) => name),
      ),
    ],
  };
  return json(answer);
};

function toWire({ series, firings }: RuleRun) {
  return {
    series: series.slice(0, MOST_SERIES).map(({ labels, values, threshold }) => ({ labels, values, threshold })),
    more_series: series.length > MOST_SERIES,
    firings: firings.slice(-MOST_FIRINGS).map(({ labels, from, to, peak }) => ({
      ...{ labels, from: instant(from), to: maybeInstant(to), peak },
    })),
    firing_count: firings.length,
  };
}
