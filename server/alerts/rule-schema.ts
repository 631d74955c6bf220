import { z } from 'zod';
import { ALERT_KINDS, type AlertKind, SEVERITIES, type WrittenRule } from '../model/alert-rule.ts';
import { nearest } from '../model/nearest.ts';

const KIND_NAMES = Object.keys(ALERT_KINDS) as [AlertKind, ...AlertKind[]];
const MOST_LABELS = 20;
const MOST_RECEIVERS = 20;

const line = (most: number) =>
  z
    .string('must be a text')
    .min(1, 'must not be empty')
    .max(most, `must be at most ${most} characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be in it
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'must be one line without control characters');

const pattern = line(200);
const duration = z.string('must be a duration such as 5m').max(20, 'must be a duration such as 5m');

/** A rule as it is written, in `throughline.yaml` and in requests. What the shape cannot say is checked by `readRule`. */
export const writtenRule = z.strictObject({
  name: line(100).describe('Names the rule; one of the same name comes before a built-in one.'),
  watch: z
    .enum(KIND_NAMES, { error: ({ input }) => unknownKind(input) })
    .describe(`What it watches: ${KIND_NAMES.join(', ')}.`),
  threshold: z
    .union([z.number(), z.string()], 'must be a number, a duration or a percentage')
    .optional()
    .describe(
      'It fires above this: a number, a duration such as `24h`, or a percentage such as `2%`, as `watch` needs.',
    ),
  window: duration.optional().describe('Over how long rates, shares and percentiles are counted, in whole minutes.'),
  queue: pattern.optional().describe('Dead-letter queues it is for: a name or a pattern; all without it.'),
  topic: pattern.optional().describe('Topics it is for.'),
  event_type: pattern.optional().describe('Event types it is for.'),
  service: pattern.optional().describe('Services it is for.'),
  group: pattern.optional().describe('Consumer groups it is for.'),
  for: duration.optional().describe('How long it must be so before it fires; at once unless set.'),
  keep_firing_for: duration.optional().describe('How long it must be over before it is resolved; at once unless set.'),
  severity: z
    .enum(SEVERITIES, `must be ${SEVERITIES.join(', ').replace(/, (?=\w+$)/, ' or ')}`)
    .optional()
    .describe('`critical`, `warning` (unless set) or `info`.'),
  labels: z
    .record(z.string(), line(200), 'must have names with texts')
    .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `has more than ${MOST_LABELS} labels`)
    .optional()
    .describe('Labels that its alerts get besides `alertname`, `severity`, `owner` and what they are about.'),
  receivers: z
    .array(line(100), 'must be a list of names')
    .max(MOST_RECEIVERS, `has more than ${MOST_RECEIVERS} receivers`)
    .optional()
    .describe('Who is told; nobody unless set.'),
  runbook: line(2000).optional().describe('An http or https address that says what to do.'),
  enabled: z
    .boolean('must be true or false')
    .optional()
    .describe('`false` turns it off, a built-in one of its name too.'),
});

export const RULE_KEYS: readonly string[] = Object.keys(writtenRule.shape);

function unknownKind(input: unknown): string {
  const near = typeof input === 'string' ? nearest(input, KIND_NAMES) : null;
  const given =
    typeof input === 'string'
      ? `"${input.slice(0, 60)}" is nothing a rule can watch`
      : 'must say what the rule watches';
  return near === null ? `${given}; known are ${KIND_NAMES.join(', ')}` : `${given}; perhaps ${near} is meant`;
}

/** The shape alone, with each fault named: what is no key of a rule with the nearest that is. */
export function parseWritten(
  value: unknown,
):
  | { readonly ok: true; readonly written: WrittenRule }
  | { readonly ok: false; readonly faults: readonly RuleFault[] } {
  const parsed = writtenRule.safeParse(value);
  if (parsed.success) return { ok: true, written: parsed.data };
  return { ok: false, faults: parsed.error.issues.slice(0, MOST_FAULTS).flatMap(toFaults) };
}

/** What is wrong with one key of a rule: the end of a sentence that begins with the key, without a full stop. */
export interface RuleFault {
  readonly key: string;
  readonly problem: string;
}

const MOST_FAULTS = 20;

function toFaults(issue: z.core.$ZodIssue): RuleFault[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ key: issue.path.map(String).join('.').slice(0, 100) || 'rule', problem: issue.message }];
  }
  return issue.keys.slice(0, MOST_FAULTS).map((key) => {
    const near = nearest(key, RULE_KEYS);
    const remedy = near === null ? `known are ${RULE_KEYS.join(', ')}` : `perhaps ${near} is meant`;
    return { key: key.slice(0, 100), problem: `is no key of a rule; ${remedy}` };
  });
}
