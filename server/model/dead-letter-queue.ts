import type { QueueBasis, QueueKind } from './dead-letter.ts';
import { type MeansName, parseNamePattern } from './name-pattern.ts';
import { remembered } from './remembered.ts';
import { readTopicName, type TopicName } from './topic-name.ts';
import { stageOfName, type TopicStage } from './topic-stage.ts';

/** Which topics are queues, as the operator declares it. All are names or patterns (`parseNamePattern`) of topics. */
export interface DeadLetterRules {
  readonly queues: readonly string[];
  readonly quarantine: readonly string[];
  readonly retries: readonly string[];
  readonly mirrors: readonly string[];
  /** Topics whose names look like those of queues and that are none. */
  readonly ignore: readonly string[];
  /** Which groups work which queues off; the first that matches counts. */
  readonly triage: readonly { readonly queue: string; readonly groups: readonly string[] }[];
}

export const NO_DEAD_LETTER_RULES: DeadLetterRules = {
  ...{ queues: [], quarantine: [], retries: [], mirrors: [], ignore: [], triage: [] },
};

/** What a topic is to dead letters, what says so, and the same as a sentence without a full stop. */
export interface NamedQueue {
  readonly kind: QueueKind;
  readonly by: QueueBasis;
  readonly why: string;
}

/** What names say of topics, under some rules. */
export interface QueueNames {
  /** Null for a topic of events. */
  queueOf(topic: string): NamedQueue | null;
  /** True where the operator says that it is none, whatever else says that it is. */
  isIgnored(topic: string): boolean;
  /** As `readTopicName`, with the kind by the rules. */
  topicName(topic: string): TopicName;
  /** On which stage of their way the events of a topic are. */
  stageOf(topic: string): TopicStage;
  /** Groups declared to work a queue off. */
  triageGroups(topic: string): readonly string[];
}

/** Topics that are remembered; they are asked for with every record. */
const MOST_TOPICS = 5_000;

const QUARANTINE = /(^|[.\-_])quarantine([.\-_]|$)/i;

const BY_NAME: Readonly<Record<QueueKind, string>> = {
  'dead letter': 'Its name says so',
  quarantine: 'Its name says that dead letters go there in the second place; it is not counted',
  retry: 'Its name says that records are tried again there: a stage, no dead letters',
  mirror: 'It holds copies of dead letters for other eyes; it is not counted',
};

const BY_DECLARATION: Readonly<Record<QueueKind, string>> = {
  'dead letter': 'It is declared as a queue',
  quarantine: 'It is declared as quarantine, the second stage; it is not counted',
  retry: 'It is declared as a retry topic: a stage, no dead letters',
  mirror: 'It is declared as a mirror of dead letters; it is not counted',
};

/** Rules whose patterns were checked before; one that is none matches nothing. */
export function createQueueNames(rules: DeadLetterRules): QueueNames {
  const ignored = anyOf(rules.ignore);
  // A mirror of a queue may match the queue's pattern too: what says less of depth comes first.
  const declared: readonly (readonly [QueueKind, MeansName])[] = [
    ['mirror', anyOf(rules.mirrors)],
    ['quarantine', anyOf(rules.quarantine)],
    ['retry', anyOf(rules.retries)],
    ['dead letter', anyOf(rules.queues)],
  ];
  const triage = rules.triage.map(({ queue, groups }) => ({ means: anyOf([queue]), groups }));
  const queueOf = remembered((topic: string): NamedQueue | null => {
    if (ignored(topic)) return null;
    const [kind] = declared.find(([, means]) => means(topic)) ?? [null];
    if (kind !== null) return { kind, by: 'declaration', why: BY_DECLARATION[kind] };
    const named = kindByName(topic);
    return named === null ? null : { kind: named, by: 'name', why: BY_NAME[named] };
  }, MOST_TOPICS);
  const topicName = remembered((topic: string): TopicName => {
    const name = readTopicName(topic);
    if (ignored(topic)) return { ...name, kind: name.kind === 'telemetry' ? 'telemetry' : 'events', retry: false };
    const queue = queueOf(topic);
    if (queue?.by !== 'declaration') return name;
    if (queue.kind === 'retry') return { ...name, kind: 'events', retry: true };
    return { ...name, kind: queue.kind === 'mirror' ? 'dead letter mirror' : 'dead letter' };
  }, MOST_TOPICS);
  return {
    queueOf,
    isIgnored: ignored,
    triageGroups: (topic) => triage.find(({ means }) => means(topic))?.groups ?? [],
    topicName,
    stageOf: remembered((topic: string) => stageOfName(topicName(topic)), MOST_TOPICS),
  };
}

function kindByName(topic: string): QueueKind | null {
  const { kind, retry } = readTopicName(topic);
  if (kind === 'dead letter mirror') return 'mirror';
  if (kind === 'dead letter') return QUARANTINE.test(topic) ? 'quarantine' : 'dead letter';
  return kind === 'events' && retry ? 'retry' : null;
}

function anyOf(texts: readonly string[]): MeansName {
  const all = texts.flatMap((text) => {
    const read = parseNamePattern(text);
    return read.ok ? [read.value] : [];
  });
  return (name) => all.some((means) => means(name));
}

/** A text that is the same exactly when records are read the same; '' for rules that change nothing of that. */
export function queueDigest({ queues, quarantine, retries, mirrors, ignore }: DeadLetterRules): string {
  const lists = [queues, quarantine, retries, mirrors, ignore];
  return lists.every(({ length }) => length === 0) ? '' : JSON.stringify(lists);
}

/** What names say where nothing is declared. */
export const NAMES_ALONE: QueueNames = createQueueNames(NO_DEAD_LETTER_RULES);
