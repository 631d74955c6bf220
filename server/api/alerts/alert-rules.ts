import { z } from 'zod';
import { readRule } from '../../alerts/read-rule.ts';
import { receiverWarnings } from '../../alerts/receiver-warnings.ts';
import { rulesInForce } from '../../alerts/rules-in-force.ts';
import { ALERT_KINDS, type AlertKind, kindFacts } from '../../model/alert-rule.ts';
import type { AlertRuleList, AlertRuleWire } from '../../model/alert-wire.ts';
import type { AlertDesk } from '../../ports/alert-desk.ts';
import type { Handler } from '../api-deps.ts';
import { json } from '../json.ts';
import { badParameters, parseQuery } from '../parse-query.ts';
import { pathTail } from '../path-tail.ts';
import { problem } from '../problem.ts';
import { noQuery } from '../queries.ts';
import { readBody } from '../read-body.ts';
import { noSuchRule, readOnlyRule, ruleOf } from './problems.ts';
import { instant } from './to-wire.ts';

const PREFIX = '/api/v1/alert-rules/';

/** `GET /alert-rules`: all rules with how they do, and what a rule can watch. */
export const listAlertRules: Handler = async (request, { alerts: desk, receivers, reads }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const [known, told, asOf] = await Promise.all([desk.rules(), receivers.list(), reads.asOf()]);
  const names = told.map(({ name }) => name);
  const answer: AlertRuleList = {
    ...asOf,
    rules: rulesInForce(known.rules).map((rule) => toRuleWire(rule, known, names)),
    kinds: (Object.keys(ALERT_KINDS) as AlertKind[]).map((kind) => {
      const { title, units, scopes, windowMs, standard } = kindFacts(kind);
      return {
        ...{ kind, title, units, scopes, window_s: windowMs === null ? null : windowMs / 1000 },
        standard_threshold: typeof standard === 'number' ? standard : null,
      };
    }),
  };
  return json(answer);
};

type Known = Awaited<ReturnType<AlertDesk['rules']>>;

function toRuleWire(
  { origin, written, shadowed }: ReturnType<typeof rulesInForce>[number],
  { health, counts }: Known,
  receivers: readonly string[],
): AlertRuleWire {
  const read = readRule(written);
  const enabled = written.enabled ?? true;
  const state = shadowed ? undefined : health.get(written.name);
  const count = shadowed ? undefined : counts.get(written.name);
  return {
    ...{ name: written.name, kind: written.watch, title: kindFacts(written.watch).title },
    threshold: read.ok ? { value: read.rule.threshold, unit: read.rule.unit } : { value: null, unit: 'records' },
    ...{ origin, shadowed, enabled, written },
    state: enabled ? (state?.health ?? 'waiting') : 'off',
    state_since: state === undefined ? null : instant(state.since),
    trouble: state?.why ?? null,
    warnings: [...(state?.warnings ?? []), ...receiverWarnings(written.receivers ?? [], receivers)],
    evaluated_at: state === undefined ? null : instant(state.evaluatedAt),
    ...{ pending: count?.pending ?? 0, firing: count?.firing ?? 0, not_held: state?.notHeld ?? 0 },
  };
}

/** `POST /alert-rules`: makes a rule of the page. */
export const createAlertRule: Handler = async (request, { alerts: desk }) => {
  const given = await bodyOf(request);
  if (!given.ok) return given.refusal;
  const outcome = await desk.createRule(given.written);
  if (outcome === 'created') return json(given.written, 201);
  if (outcome === 'full') {
    return problem({
      kind: 'too-many-rules',
      title: 'There are too many rules',
      status: 409,
      detail: 'Delete rules that nobody needs, or narrow one by a pattern instead of writing many.',
    });
  }
  return problem({
    kind: 'rule-exists',
    title: 'There is a rule of this name',
    status: 409,
    detail: 'Choose another name, or change that rule by PUT.',
  });
};

/** `PUT /alert-rules/{name}`: changes a rule of the page, or puts one in the place of a built-in one. */
export const changeAlertRule: Handler = async (request, { alerts: desk }) => {
  const path = pathTail(request, PREFIX, 'name');
  if (!path.ok) return path.refusal;
  const given = await bodyOf(request);
  if (!given.ok) return given.refusal;
  if (given.written.name !== path.tail) {
    return badParameters([{ name: 'name', reason: 'must be that of the path: delete the rule and make another one.' }]);
  }
  const outcome = await desk.changeRule(given.written);
  if (outcome === 'changed') return json(given.written);
  if (outcome === 'unknown') return noSuchRule();
  return readOnlyRule('The rule is written in throughline.yaml', 'Change it there and start the tap again.');
};

/** `DELETE /alert-rules/{name}`: what it watched ends; a built-in rule of its name is in force again. */
export const deleteAlertRule: Handler = async (request, { alerts: desk }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const path = pathTail(request, PREFIX, 'name');
  if (!path.ok) return path.refusal;
  const outcome = await desk.removeRule(path.tail);
  if (outcome === 'removed') return json({ name: path.tail });
  if (outcome === 'unknown') return noSuchRule();
  return readOnlyRule(
    'The rule is not of the page',
    'One of throughline.yaml is deleted there; a built-in one is turned off by PUT with "enabled": false.',
  );
};

async function bodyOf(request: Request) {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query;
  const read = await readBody(request, z.unknown());
  return read.ok ? ruleOf(read.body) : read;
}
