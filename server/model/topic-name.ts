/** What records a topic holds, as its name says. */
export type TopicKind = 'events' | 'dead letter' | 'dead letter mirror' | 'telemetry';

/** What a topic's name says of its events, where nothing better does. */
export interface TopicName {
  readonly name: string;
  /** The name without environment and version, its ids as `{id}`: topics of one family carry the same events. */
  readonly family: string;
  readonly environment: string | null;
  readonly type: string;
  readonly service: string | null;
  /** A name of one word, e.g. `agent-actions`. */
  readonly bare: boolean;
  readonly kind: TopicKind;
  /** It carries records that are tried again. */
  readonly retry: boolean;
}

/** Kafka's own bound. */
const LONGEST_NAME = 249;

const ENVIRONMENTS = new Set(
  'dev develop development test testing stage staging prod production preprod local qa uat sandbox ci demo'.split(' '),
);
const KINDS = new Set(['evt', 'cmd', 'intent', 'snapshot', 'dlq']);
/** What follows a topic's name, its version included, where its failed records go. */
const MARKER = /^(dlq|dlt|dead-letters?|retry(-\d{1,5})?)$/i;
const VERSION = /^v\d{1,9}$/i;
const MARKED_VERSION = /^(v\d{1,9})([-_](?:dlq|dlt|dead-letters?|retry(?:-\d{1,5})?))$/i;
const DEAD_LETTER = /(^|[.\-_])(dlq|dlt|dead[-_]?letters?)([.\-_]|$)/i;
const RETRY = /(^|[.\-_])retry([.\-_]|$)/i;
/** Copies of dead letters for other eyes: they are not dead letters again. */
const MIRRORS = new Set(['onex.evt.platform.dlq-message']);
const TELEMETRY =
  /^(otlp[-_](spans|traces|metrics|logs|profiles)|zipkin([-_]spans)?|jaeger[-_](spans|traces)|skywalking[-_](segments|metrics|logging|logs|profilings|managements|meters))$/i;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const ID = '{id}';
const LONG_HEX = /^(?=.*\d)[0-9a-f]{12,}$/i;
const LONG_NUMBER = /^\d{6,}$/;
const SESSION = /^(session|sess|sid|run|task|job|req|request)[-_](?=.*\d)[0-9a-z_-]{6,}$/i;

/**
 * Reads a topic's name. `{service}.{rest}` → service and type; `onex.{kind}.{producer}.{name}` → the producer is the
 * service (but for `platform`) and the type is `producer.name`; a bare name is the type itself. A leading environment,
 * trailing versions and segments that are ids do not count. Total: any text is a name.
 */
export function readTopicName(topic: string): TopicName {
  const name = topic.slice(0, LONGEST_NAME);
  const { environment, parts, tail } = takeApart(name);
  const words = parts.filter((part) => part !== ID).map((part) => part.replace(/[-_]?\{id\}/g, ''));
  return {
    name: topic,
    family: foldFamily(parts.join('.') + tail),
    environment,
    ...typeAndService(
      words.filter((word) => word !== ''),
      name,
    ),
    kind: kindOf(parts.join('.'), name),
    retry: RETRY.test(name),
  };
}

/** A name without its environment: the segments before versions and markers, ids folded, and the markers. */
function takeApart(name: string): {
  readonly environment: string | null;
  readonly parts: readonly string[];
  readonly tail: string;
} {
  const { core, tail } = withoutVersion(name.split('.').map(foldIds));
  const environments = countEnvironments(core);
  return { environment: environments === 0 ? null : (core[0] ?? null), parts: core.slice(environments), tail };
}

/** What is left of a family may read as a version or an environment again: a family is its own family. */
function foldFamily(family: string): string {
  const { parts, tail } = takeApart(family);
  const folded = parts.join('.') + tail;
  return folded.length < family.length ? foldFamily(folded) : family;
}

/** The segments before trailing versions, and the markers that stood among those. */
function withoutVersion(segments: readonly string[]): { readonly core: readonly string[]; readonly tail: string } {
  const core = [...segments];
  let tail = '';
  for (let last = core.at(-1); core.length > 1 && last !== undefined; last = core.at(-1)) {
    const marked = MARKED_VERSION.exec(last);
    if (marked !== null) {
      tail = (marked[2] ?? '') + tail;
      core.pop();
    } else if (VERSION.test(last)) core.pop();
    else if (MARKER.test(last)) tail = `.${core.pop() ?? ''}${tail}`;
    else break;
  }
  return { core, tail };
}

/** True for the name of an environment, e.g. `dev` or `local`. */
export function isEnvironment(text: string): boolean {
  return ENVIRONMENTS.has(text.toLowerCase());
}

function foldIds(segment: string): string {
  if (LONG_HEX.test(segment) || LONG_NUMBER.test(segment)) return ID;
  const folded = segment.replace(UUID, ID);
  return SESSION.test(folded) || /^(session|sess|sid)[-_]\{id\}$/i.test(folded) ? ID : folded;
}

/** How many leading segments are environments; one segment always remains. */
function countEnvironments(segments: readonly string[]): number {
  let count = 0;
  while (count < segments.length - 1 && ENVIRONMENTS.has((segments[count] ?? '').toLowerCase())) count += 1;
  return count;
}

function typeAndService(words: readonly string[], name: string): Pick<TopicName, 'type' | 'service' | 'bare'> {
  const [first = '', kind = '', producer = '', ...rest] = words;
  if (words.length < 2) return { type: first === '' ? name : first, service: null, bare: true };
  if (first === 'onex' && KINDS.has(kind) && rest.length > 0) {
    return { type: [producer, ...rest].join('.'), service: producer === 'platform' ? null : producer, bare: false };
  }
  // Neither the bus nor the mark of a dead letter is a service.
  if (first === 'onex')
    return { type: words.slice(KINDS.has(kind) && words.length > 2 ? 2 : 1).join('.'), service: null, bare: false };
  if (first === 'dlq') return { type: words.join('.'), service: null, bare: false };
  return { type: words.slice(1).join('.'), service: first === 'platform' ? null : first, bare: false };
}

function kindOf(family: string, name: string): TopicKind {
  if (MIRRORS.has(family)) return 'dead letter mirror';
  if (DEAD_LETTER.test(name)) return 'dead letter';
  return TELEMETRY.test(family) ? 'telemetry' : 'events';
}
