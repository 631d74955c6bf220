import type { Place } from './read-samples.ts';
import type { CheckReport, CompatibilityReport, DirectionReport, Failure, Problem } from './report.ts';
import { terminalText } from './terminal-text.ts';

/** Paints a text of ours; without colours it hands it back. */
export type Paint = (text: string, colour: 'red' | 'green' | 'yellow' | 'dim') => string;

const CODES = { red: 31, green: 32, yellow: 33, dim: 2 } as const;

export const inColour: Paint = (text, colour) => `\u001b[${CODES[colour]}m${text}\u001b[0m`;
export const plain: Paint = (text) => text;

/** Characters of one text of a stranger: a topic, a type, a path. */
const MOST_SHOWN = 500;

/**
 * A report for people, as lines. What events and files say is shown with everything escaped that a terminal would act on,
 * and never at the beginning of a line, where CI runners look for commands.
 */
export function printReport(report: CheckReport, paint: Paint): string[] {
  return [
    ...report.problems.map((problem) => problemLine(problem, paint)),
    ...more(report.problems_left_out, 'problem'),
    ...report.schemas.broken.map((problem) => problemLine(problem, paint, 'broken schema')),
    ...(report.compatibility === null ? [] : compatibilityLines(report.compatibility, paint)),
    ...failureLines(report.failures, paint),
    ...more(report.failures_left_out, 'failed event'),
    ...uncheckedLines(report, paint),
    ...summaryLines(report, paint),
  ];
}

function problemLine({ file, line, reason }: Problem, paint: Paint, what = 'cannot be used'): string {
  return `${paint('!', 'red')} ${shown(file)}${line === null ? '' : `:${line}`}: ${what}: ${shown(reason)}`;
}

/** Failures that say the same of events of one type are one entry, with the places of the first of them. */
function failureLines(failures: readonly Failure[], paint: Paint): string[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const { topic, event_type, status, why, errors } = failure;
    const rules = errors.map(({ schema, version, path, schema_path }) => [schema, version, path, schema_path]);
    const key = JSON.stringify([topic, event_type, status, errors.length === 0 ? why : rules]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [failure]);
    else group.push(failure);
  }
  return [...groups.values()].flatMap((group) => groupLines(group, paint));
}

const MOST_PLACES = 5;

function groupLines(group: readonly Failure[], paint: Paint): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { place, topic, event_type, status, why, errors, has_more } = first;
  const what = [event_type, topic === null || topic === event_type ? null : `on ${topic}`].filter(
    (one) => one !== null,
  );
  const places = group.slice(1, 1 + MOST_PLACES).map((failure) => placeText(failure.place));
  if (group.length > 1 + places.length) places.push(`${group.length - 1 - places.length} more`);
  const said = errors.map(({ sentence, schema, version, schema_path }) => {
    const by = `${schema}${version === null ? '' : ` ${version}`} ${schema_path}`;
    return `    ${shown(sentence)}  ${paint(`(${shown(by)})`, 'dim')}`;
  });
  return [
    `${paint('✗', 'red')} ${placeText(place)}${what.length === 0 ? '' : `  ${shown(what.join(' '))}`}`,
    ...(status === 'violation' ? said : [`    ${shown(why)}`]),
    ...(has_more ? ['    and perhaps more'] : []),
    ...(places.length === 0
      ? []
      : [`    the same of ${counted(group.length - 1, 'more event')}: ${places.join(', ')}`]),
  ];
}

function uncheckedLines({ unchecked, unchecked_left_out }: CheckReport, paint: Paint): string[] {
  const lines = unchecked.map(
    ({ why, events, first }) =>
      `${paint('?', 'yellow')} not checked: ${counted(events, 'event')}: ${shown(why)}  ${paint(`(first ${placeText(first)})`, 'dim')}`,
  );
  return unchecked_left_out === 0
    ? lines
    : [...lines, `${paint('?', 'yellow')} not checked: ${counted(unchecked_left_out, 'event')} for further reasons`];
}

const REASONS: Readonly<Record<string, string>> = {
  'no schema': 'one of the two is no JSON Schema',
  'unknown draft': 'one of the two is of a draft that is not known',
  'too large': 'one of the two has more than 20,000 values',
  'too deep': 'one of the two nests too deep',
  'too much work': 'to decide it takes more work than is allowed',
  'outside reference': 'one of the two refers to another file',
  'rule not understood': 'one of the two has a rule that is not understood, such as a format',
  'not proven': 'neither a proof nor an example was found',
  'no version before': 'there is no version before',
  'other part of the event': 'the two describe different parts of an event (x-throughline, at)',
};

function compatibilityLines(report: CompatibilityReport, paint: Paint): string[] {
  const { schema, against, at, required, backward, forward, reasons, changes, has_more_changes } = report;
  const named = ({ file, version }: typeof schema) => `${shown(file)}${version === null ? '' : ` (${version})`}`;
  const where = at.length === 1 && at[0] === '' ? 'the whole event' : at.join(' or ');
  const wanted = (direction: 'backward' | 'forward') => required === direction || required === 'full';
  return [
    `Compatibility of ${named(schema)} with ${against === null ? 'nothing' : named(against)}`,
    ...directionLines('backward', 'new readers read old events', backward, wanted('backward'), where, paint),
    ...directionLines('forward', 'old readers read new events', forward, wanted('forward'), where, paint),
    ...reasons.map((reason) => `    not decided because ${REASONS[reason] ?? shown(reason)}`),
    ...changes.map(({ sentence, breaks, may_break }) => {
      const mark = breaks === 'none' && may_break === 'none' ? paint('·', 'dim') : paint('*', 'yellow');
      return `  ${mark} ${shown(sentence)}`;
    }),
    ...(has_more_changes ? ['  and more changes'] : []),
  ];
}

function directionLines(
  name: string,
  meaning: string,
  { verdict, example }: DirectionReport,
  wanted: boolean,
  where: string,
  paint: Paint,
): string[] {
  const colour = verdict === 'yes' ? 'green' : wanted ? 'red' : 'yellow';
  const say = { yes: 'yes, proven', no: 'no', unknown: 'not known' }[verdict];
  return [
    `  ${name} (${meaning}): ${paint(say, colour)}${wanted ? '' : paint(', not asked for', 'dim')}`,
    ...(example === null ? [] : [`    for example, as ${shown(where)}: ${shown(example, 2_000)}`]),
  ];
}

function summaryLines({ counts, schemas, compatibility, result }: CheckReport, paint: Paint): string[] {
  const parts = [
    [counts.ok, 'ok'],
    [counts.violation, counts.violation === 1 ? 'violation' : 'violations'],
    [counts.unknown_reference, 'naming an unknown schema'],
    [counts.unreadable, 'unreadable'],
    [counts.unchecked, 'not checked'],
    [counts.other_type, 'of other types'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const passedOver = counts.files_passed_over === 0 ? '' : `, ${counts.files_passed_over} passed over`;
  const events = `${counted(counts.events, 'event')} in ${counted(counts.files, 'file')}${passedOver}: ${said.join(', ')}`;
  const looked = counts.files > 0 || counts.events > 0;
  const verdict = { ok: 'All fine', failed: 'Failed', unusable: 'Not all could be used' }[result];
  return [
    ...(looked ? [`${events.replace(/: $/, '')}.`] : []),
    ...(looked || compatibility !== null ? [] : [`${counted(schemas.usable, 'schema')} can be used.`]),
    paint(`${verdict}.`, result === 'ok' ? 'green' : 'red'),
  ];
}

function placeText({ file, line, item }: Place): string {
  return `${shown(file)}:${line}${item === null ? '' : ` [${item}]`}`;
}

function shown(text: string, most = MOST_SHOWN): string {
  return terminalText(text.length > most ? `${text.slice(0, most)}…` : text);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function more(count: number, noun: string): string[] {
  return count === 0 ? [] : [`  and ${counted(count, `more ${noun}`)}`];
}
