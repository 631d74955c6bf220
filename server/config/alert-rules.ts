import { z } from 'zod';
import { readRule } from '../alerts/read-rule.ts';
import { writtenRule } from '../alerts/rule-schema.ts';
import type { WrittenRule } from '../model/alert-rule.ts';
import type { LineOf } from './owners.ts';

const MOST_RULES = 200;

export const alertsSchema = z
  .array(writtenRule, 'must be a list')
  .max(MOST_RULES, `has more than ${MOST_RULES} rules`)
  .describe('What is watched, and when it fires; a rule of the name of a built-in one takes its place.');

export interface AlertsReading {
  readonly alerts: readonly WrittenRule[];
  /** One sentence each, with the place. */
  readonly problems: readonly string[];
}

/** Checks what the schema cannot. `path` is for messages. */
export function readAlerts(
  alerts: readonly WrittenRule[],
  { lineOf, path }: { readonly lineOf: LineOf; readonly path: string },
): AlertsReading {
  const problems = alerts.flatMap((written, place) => {
    const at = ['alerts', place];
    const twice = alerts.findIndex(({ name }) => name === written.name) < place;
    const read = readRule(written);
    return [
      ...(twice ? [`${path}:${lineOf(at)}: alerts.${place}: there is another rule "${written.name}" above.`] : []),
      ...(read.ok
        ? []
        : read.faults.map(({ key, problem }) => {
            const keys = [...at, ...key.split('.')];
            return `${path}:${lineOf(keys)}: "${keys.join('.')}" ${problem}.`;
          })),
    ];
  });
  return { alerts, problems };
}
