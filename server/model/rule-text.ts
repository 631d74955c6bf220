import { type Parsed, type Pointer, parsed, parsePointer, printPointer, problem, quoted } from './pointer-text.ts';
import { parseTopicPattern } from './topic-pattern.ts';

/** Ways to read a value that is not the plain text of a field; what they do is in `server/envelope/readers`. */
export const READER_NAMES = [
  'w3c-trace-id',
  'w3c-span-id',
  'b3-trace-id',
  'b3-span-id',
  'b3-parent-span-id',
  'jaeger-trace-id',
  'jaeger-span-id',
  'jaeger-parent-span-id',
  'elastic-trace-id',
  'elastic-span-id',
  'skywalking-trace-id',
  'skywalking-service',
  'datadog-trace-id',
  'datadog-span-id',
  'datadog-pathway-time',
  'uri-name',
  'urn-name',
  'dotnet-type',
  'topic-type',
  'topic-service',
  'bus-source',
] as const;

export type ReaderName = (typeof READER_NAMES)[number];

/** Where a value stands. */
export type Place =
  | /** In the body; with `inner`, the text there is JSON itself, and the value stands in that. */
  { readonly from: 'body'; readonly pointer: Pointer; readonly inner: Pointer | null }
  /** The first header of that name, in any case. */
  | { readonly from: 'header'; readonly name: string }
  /** In the topic's name. */
  | { readonly from: 'topic'; readonly part: 'type' | 'service' }
  /** The type of a topic with a bare name, a slash, and the text in the body. */
  | { readonly from: 'topic and body'; readonly pointer: Pointer };

/** Where to look for a field, and how to read what stands there. */
export interface Rule {
  readonly place: Place;
  readonly reader: ReaderName | null;
  /** The rule is passed over when the body has one of these, a null included. */
  readonly unlessBodyHas: readonly Pointer[];
}

/** What must hold for a dialect to match. */
export type Condition =
  | { readonly kind: 'body has'; readonly oneOf: readonly Pointer[] }
  | { readonly kind: 'body is'; readonly pointer: Pointer; readonly text: string }
  | { readonly kind: 'header'; readonly oneOf: readonly string[] }
  | { readonly kind: 'header is'; readonly name: string; readonly text: string }
  | { readonly kind: 'header starts with'; readonly prefix: string }
  | { readonly kind: 'topic'; readonly pattern: string };

/** More rules for a field of one dialect could not be told apart in the number of a resolution. */
export const MOST_RULES_PER_FIELD = 32;

const LONGEST_TEXT = 300;
const UNLESS = ' unless body has ';
const ONE_OF = 'one of ';

/** Reads the text of a rule, e.g. `header x-correlation-id unless body has /correlation_id`. */
export function parseRule(text: string): Parsed<Rule> {
  const wrong = unfitText(text, 'A rule');
  if (wrong !== null) return problem(wrong);
  const [main = '', unless, ...more] = text.split(UNLESS);
  if (more.length > 0) return problem('A rule has one “unless body has” at most.');
  const [source = '', reader, ...others] = main.split(' as ');
  if (others.length > 0) return problem('A rule has one “as” at most.');
  if (reader !== undefined && !isReaderName(reader)) {
    return problem(`${quoted(reader)} is no reader; they are ${READER_NAMES.join(', ')}.`);
  }
  const place = parsePlace(source);
  if (!place.ok) return place;
  const unlessBodyHas = unless === undefined ? parsed([]) : parsePointers(unless);
  if (!unlessBodyHas.ok) return unlessBodyHas;
  return parsed({ place: place.value, reader: reader ?? null, unlessBodyHas: unlessBodyHas.value });
}

/** The text that `parseRule` reads as this rule. */
export function printRule({ place, reader, unlessBodyHas }: Rule): string {
  const how = reader === null ? '' : ` as ${reader}`;
  return `${printPlace(place)}${how}${unlessBodyHas.length === 0 ? '' : UNLESS + printPointers(unlessBodyHas)}`;
}

/** Reads the text of a condition, e.g. `body has /event_id`. */
export function parseCondition(text: string): Parsed<Condition> {
  const wrong = unfitText(text, 'A condition');
  if (wrong !== null) return problem(wrong);
  const [word, rest] = split(text);
  if (word === 'body') return parseBodyCondition(rest);
  if (word === 'header') return parseHeaderCondition(rest);
  if (word !== 'topic') return problem(`A condition begins with “body”, “header” or “topic”, not ${quoted(word)}.`);
  const pattern = parseTopicPattern(rest);
  return pattern.ok ? parsed({ kind: 'topic', pattern: rest }) : pattern;
}

/** The text that `parseCondition` reads as this condition. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'body has':
      return `body has ${printPointers(condition.oneOf)}`;
    case 'body is':
      return `body ${printPointer(condition.pointer)} is ${condition.text}`;
    case 'header':
      return `header ${condition.oneOf.length === 1 ? '' : ONE_OF}${condition.oneOf.join(' ')}`;
    case 'header is':
      return `header ${condition.name} is ${condition.text}`;
    case 'header starts with':
      return `header starts with ${condition.prefix}`;
    case 'topic':
      return `topic ${condition.pattern}`;
  }
}

function parsePlace(source: string): Parsed<Place> {
  const [word, rest] = split(source);
  if (word === 'body') return parseBodyPlace(rest);
  if (word === 'header') {
    return isName(rest) ? parsed({ from: 'header', name: rest }) : problem('“header” needs the name of one header.');
  }
  if (source === 'topic type' || source === 'topic service') {
    return parsed({ from: 'topic', part: source === 'topic type' ? 'type' : 'service' });
  }
  if (source.startsWith(TYPE_AND_BODY)) {
    const pointer = parsePointer(source.slice(TYPE_AND_BODY.length));
    return pointer.ok ? parsed({ from: 'topic and body', pointer: pointer.value }) : pointer;
  }
  return problem(`A rule begins with “body /…”, “header …”, “topic type” or “topic service”, not ${quoted(source)}.`);
}

const TYPE_AND_BODY = 'topic type + body ';

function parseBodyPlace(text: string): Parsed<Place> {
  const [outer = '', inner, ...more] = text.split(' > ');
  if (more.length > 0) return problem('A rule goes into one JSON text (“>”) at most.');
  const pointer = parsePointer(outer);
  if (!pointer.ok) return pointer;
  if (inner === undefined) return parsed({ from: 'body', pointer: pointer.value, inner: null });
  const second = parsePointer(inner);
  return second.ok ? parsed({ from: 'body', pointer: pointer.value, inner: second.value }) : second;
}

function printPlace(place: Place): string {
  switch (place.from) {
    case 'body':
      return `body ${printPointer(place.pointer)}${place.inner === null ? '' : ` > ${printPointer(place.inner)}`}`;
    case 'header':
      return `header ${place.name}`;
    case 'topic':
      return `topic ${place.part}`;
    case 'topic and body':
      return `${TYPE_AND_BODY}${printPointer(place.pointer)}`;
  }
}

function parseBodyCondition(text: string): Parsed<Condition> {
  const [first, rest] = split(text);
  if (first === 'has') {
    const oneOf = parsePointers(rest);
    return oneOf.ok ? parsed({ kind: 'body has', oneOf: oneOf.value }) : oneOf;
  }
  const pointer = parsePointer(first);
  if (!pointer.ok) return pointer;
  const [is, wanted] = split(rest);
  if (is !== 'is' || wanted === '') return problem('“body /…” needs “is” and a text after it.');
  return parsed({ kind: 'body is', pointer: pointer.value, text: wanted });
}

function parseHeaderCondition(text: string): Parsed<Condition> {
  if (text.startsWith('starts with ')) {
    const prefix = text.slice('starts with '.length);
    return isName(prefix) ? parsed({ kind: 'header starts with', prefix }) : problem('“starts with” needs one word.');
  }
  if (text.startsWith(ONE_OF)) {
    const names = text.slice(ONE_OF.length).split(' ');
    if (names.length < 2 || !names.every(isName)) return problem('“one of” needs names of headers, parted by spaces.');
    return parsed({ kind: 'header', oneOf: names });
  }
  const [name, rest] = split(text);
  if (!isName(name)) return problem('“header” needs the name of a header.');
  if (rest === '') return parsed({ kind: 'header', oneOf: [name] });
  const [is, wanted] = split(rest);
  if (is !== 'is' || wanted === '') return problem('After the name of a header comes nothing, or “is” and a text.');
  return parsed({ kind: 'header is', name, text: wanted });
}

/** `/a`, or `one of /a /b`. */
function parsePointers(text: string): Parsed<readonly Pointer[]> {
  const texts = text.startsWith(ONE_OF) ? text.slice(ONE_OF.length).split(' ') : [text];
  if (text.startsWith(ONE_OF) && texts.length < 2) return problem('“one of” needs two pointers at least.');
  const pointers: Pointer[] = [];
  for (const one of texts) {
    const pointer = parsePointer(one);
    if (!pointer.ok) return pointer;
    pointers.push(pointer.value);
  }
  return parsed(pointers);
}

function printPointers(pointers: readonly Pointer[]): string {
  return `${pointers.length === 1 ? '' : ONE_OF}${pointers.map(printPointer).join(' ')}`;
}

function unfitText(text: string, what: string): string | null {
  if (text.length > LONGEST_TEXT) return `${what} has at most ${LONGEST_TEXT} characters.`;
  return text === text.trim() && text !== '' ? null : `${what} is a text without white space around it.`;
}

/** The first word, and what follows the space after it. */
function split(text: string): readonly [string, string] {
  const at = text.indexOf(' ');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function isName(text: string): boolean {
  return text !== '' && !/\s/.test(text);
}

function isReaderName(text: string): text is ReaderName {
  return READER_NAMES.some((name) => name === text);
}
