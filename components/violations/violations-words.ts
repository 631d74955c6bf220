import { formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import { schemaWords } from '@/components/ui/schema-words.ts';
import type { GroupState, SchemaSays, ViolationGroup, ViolationList } from '@/server/model/violation-wire.ts';
import { isUnknown } from './violations-query.ts';

export const STATE_WORDS: Record<GroupState, { readonly mark: MarkKind; readonly word: string }> = {
  new: { mark: 'violating', word: 'New' },
  back: { mark: 'violating', word: 'Back again' },
  acknowledged: { mark: 'running', word: 'Acknowledged' },
  muted: { mark: 'unknown', word: 'Muted' },
  resolved: { mark: 'done', word: 'Resolved' },
};

/** The keyword of JSON Schema, as a phrase that follows the path of what breaks it. */
const RULE_WORDS: Readonly<Record<string, string>> = {
  required: 'is required',
  type: 'has another type',
  enum: 'is none of the values',
  const: 'is another value',
  pattern: 'must match a pattern',
  format: 'has another format',
  minimum: 'is too small',
  exclusiveMinimum: 'is too small',
  maximum: 'is too large',
  exclusiveMaximum: 'is too large',
  multipleOf: 'is no multiple',
  minLength: 'is too short',
  maxLength: 'is too long',
  minItems: 'has too few items',
  maxItems: 'has too many items',
  uniqueItems: 'repeats an item',
  minProperties: 'has too few fields',
  maxProperties: 'has too many fields',
  additionalProperties: 'is a field too many',
  unevaluatedProperties: 'is a field too many',
  propertyNames: 'has a name that is not allowed',
  dependentRequired: 'is required here',
  dependencies: 'is required here',
  decode: 'cannot be read by its schema',
  more_paths: 'is beyond the groups that are kept apart',
  unknown_reference: 'names a schema nobody gave us',
};

export function ruleWords(rule: string): string {
  return Object.hasOwn(RULE_WORDS, rule) ? (RULE_WORDS[rule] ?? rule) : `breaks ${rule}`;
}

/** Whether an error of an event is what its group is about: a group's path may have `*` for places in lists. */
export function isOfGroup(
  error: Pick<ViolationGroup, 'path' | 'rule'>,
  group: Pick<ViolationGroup, 'path' | 'rule'>,
): boolean {
  const [own, wanted] = [error.path.split('/'), group.path.split('/')];
  return (
    error.rule === group.rule &&
    own.length === wanted.length &&
    own.every((step, at) => step === wanted[at] || (wanted[at] === '*' && /^\d+$/.test(step)))
  );
}

/** Rules that are no keyword of a schema: nothing of them stands in one. */
export const BESIDE_SCHEMAS: ReadonlySet<string> = new Set(['decode', 'more_paths', 'unknown_reference']);

/** The path as the table writes it: the root has no pointer. */
export function pathWords(group: Pick<ViolationGroup, 'path' | 'rule'>): string {
  if (group.rule === 'more_paths') return 'further places';
  return group.path === '' ? 'the event' : group.path;
}

/** What the page says first, and about whom. */
export function violationsVerdict(answer: ViolationList): { readonly mark: MarkKind; readonly sentence: string } {
  const open = answer.groups.filter(({ state }) => state === 'new' || state === 'back' || state === 'acknowledged');
  if (open.length > 0) {
    const events = open.reduce((sum, { count }) => sum + count, 0);
    const fresh = open.filter(({ state }) => state === 'new').length;
    const back = open.filter(({ state }) => state === 'back').length;
    const news = [
      fresh === 0 ? null : `${formatCount(fresh)} new`,
      back === 0 ? null : `${formatCount(back)} back again`,
    ];
    const since = sinceVersion(open, events);
    const said = since ?? news.filter((each) => each !== null).join(', ');
    return {
      mark: 'violating',
      sentence: `${formatCounted(events, 'violation')} in ${formatCounted(open.length, 'group')}${said === '' ? '' : `, ${said}`}`,
    };
  }
  const checked = checkedOf(answer);
  if (checked === 0n) return { mark: 'unknown', sentence: 'No event of this range has a schema' };
  const aside = answer.groups.length;
  return {
    mark: 'flowing',
    sentence:
      aside === 0
        ? `All ${formatCount(checked.toString())} checked events follow their schema`
        : `Nothing new: ${formatCounted(aside, 'group')} ${aside === 1 ? 'is' : 'are'} muted or resolved`,
  };
}

/** That many events of open groups began with a version of a schema, of the version with most; null where none did. */
function sinceVersion(open: readonly ViolationGroup[], events: number): string | null {
  const sums = new Map<string, number>();
  for (const { schema, schema_since, count } of open) {
    if (schema_since === null) continue;
    const name = schemaWords(schema);
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  const [most] = [...sums].sort(([, a], [, b]) => b - a);
  if (most === undefined) return null;
  const [name, count] = most;
  return count === events ? `all since ${name}` : `${formatCount(count)} of them since ${name}`;
}

/** The worst group in a sentence: who sends what where what is wanted, how often, since when. */
export function worstSentence(group: ViolationGroup): string {
  const who = group.service ?? 'A service that is not named';
  const often =
    group.share === null ? formatCounted(group.count, 'event') : `${formatShare(group.share)} of its events`;
  return isUnknown(group)
    ? `${who} names a schema that nobody gave us: ${often}`
    : `${who} breaks ${schemaWords(group.schema)}: ${group.sentence}: ${often}`;
}

/** Events that were held against a schema. */
export function checkedOf({ counts }: ViolationList): bigint {
  return BigInt(counts.ok) + BigInt(counts.violation) + BigInt(counts.unknown_reference);
}

/** All events of the range. */
export function storedOf(answer: ViolationList): bigint {
  return checkedOf(answer) + BigInt(answer.counts.unchecked);
}

/**
 * A report for the producer of a group, as Markdown. Texts of events stand in code spans, so that none of them becomes
 * markup; values are left out, as they may be private.
 */
export function reportOf(
  group: ViolationGroup,
  eventIds: readonly string[],
  pageUrl: string,
  says: SchemaSays | null = null,
): string {
  const lines = [
    `## ${code(group.event_type)}: ${code(pathWords(group))} ${ruleWords(group.rule)}`,
    '',
    `- Service: ${group.service === null ? 'not named' : code(group.service)}`,
    `- Schema: ${code(schemaWords(group.schema))}${group.schema?.title == null ? '' : ` (${plain(group.schema.title)})`}`,
    `- Rule: ${code(group.rule)} at ${code(pathWords(group))}`,
    ...clauseItems(says),
    `- Events: ${formatCount(group.count)}${group.share === null ? '' : `, ${formatShare(group.share)} of its events`}`,
    `- First seen: ${group.first_seen}`,
    `- Last seen: ${group.last_seen}`,
    ...(eventIds.length === 0 ? [] : ['', 'Records:', ...eventIds.map((id) => `- ${code(id)}`)]),
    '',
    pageUrl,
  ];
  return lines.join('\n');
}

/** Where the rule stands, what it says, and what changed there since the version before. */
function clauseItems(says: SchemaSays | null): readonly string[] {
  if (says === null) return [];
  const clauses = says.clauses.map(({ schema, pointer, line, lines }) => {
    const said = lines.find(({ is_rule }) => is_rule)?.text ?? '';
    return `- The schema says, in ${code(`${schema.name}:${line}`)} at ${code(`#${pointer}`)}: ${code(said)}`;
  });
  const { before } = says;
  const changes = before?.changes.filter(({ is_here }) => is_here) ?? [];
  const since =
    before === null || changes.length === 0
      ? []
      : [`- Since ${code(schemaWords(before.schema))}: ${changes.map(({ sentence }) => plain(sentence)).join(' ')}`];
  return [...clauses, ...since];
}

/** As a code span of Markdown, whatever backticks and line ends it holds. */
function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${flat}${pad}${fence}`;
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|!]/g, '\\$&');
}
