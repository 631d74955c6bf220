import { readRule } from '../../alerts/read-rule.ts';
import { parseWritten, type RuleFault } from '../../alerts/rule-schema.ts';
import type { AlertRule, WrittenRule } from '../../model/alert-rule.ts';
import { problem } from '../problem.ts';

/** What stands at the path of a rule of this name: it could be neither changed nor deleted. */
const TAKEN = 'preview';

/** Nothing is known of an alert. */
export function noSuchAlert(): Response {
  return problem({
    kind: 'no-such-alert',
    title: 'There is no such alert',
    status: 404,
    detail: '/api/v1/alerts lists those that are active.',
  });
}

export function noSuchRule(): Response {
  return problem({
    kind: 'no-such-rule',
    title: 'There is no such rule',
    status: 404,
    detail: '/api/v1/alert-rules lists them; a rule is made by POST there.',
  });
}

/** A rule of the file, or a built-in one. */
export function readOnlyRule(title: string, detail: string): Response {
  return problem({ kind: 'read-only-rule', title, status: 409, detail });
}

/** A rule of a request, checked; or the answer that names what is wrong with it. */
export function ruleOf(
  body: unknown,
):
  | { readonly ok: true; readonly written: WrittenRule; readonly rule: AlertRule }
  | { readonly ok: false; readonly refusal: Response } {
  const shape = parseWritten(body);
  if (!shape.ok) return { ok: false, refusal: badRule(shape.faults) };
  if (shape.written.name === TAKEN) {
    const wrong = `"${TAKEN}" stands for something else in the API; choose another name`;
    return { ok: false, refusal: badRule([{ key: 'name', problem: wrong }]) };
  }
  const read = readRule(shape.written);
  if (!read.ok) return { ok: false, refusal: badRule(read.faults) };
  return { ok: true, written: shape.written, rule: read.rule };
}

function badRule(faults: readonly RuleFault[]): Response {
  return problem({
    kind: 'bad-rule',
    title: 'The rule is not understood',
    status: 400,
    detail: `At fault: ${faults.map(({ key }) => key).join(', ')}.`,
    errors: faults.map(({ key, problem: reason }) => ({ name: key, reason: `${reason}.` })),
  });
}
