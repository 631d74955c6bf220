import type { DeadLetterFacts, DeadLetterFamily, DeadLetterProblem, OriginalPlace } from '../model/dead-letter.ts';
import type { Json } from '../model/json.ts';
import { parseTime } from '../model/parse-time.ts';
import type { RecordHeader } from '../model/record.ts';
import type { Micros } from '../model/time.ts';
import { bodyOf } from './body-at.ts';
import { type BodySays, bodySays } from './body-says.ts';
import { fingerprintOf } from './fingerprint.ts';
import { conventionOf, type HeaderConvention } from './header-conventions.ts';
import { indexHeaders } from './header-index.ts';
import { headersSay } from './headers-say.ts';
import { insideEvent } from './inside-event.ts';
import { originalFromName } from './original-from-name.ts';
import type { Scalar } from './read-scalar.ts';

/** Longest texts that are kept, in UTF-16 units. */
export const LONGEST_REASON = 500;
export const LONGEST_NAME = 249;

/** A record on a dead-letter topic, as it is read. */
export interface DeadLetterRecord {
  readonly topic: string;
  /** Decoded; undefined where it cannot be, or where there is none. */
  readonly body: Json | undefined;
  /** Bytes of the value; 0 for none. */
  readonly bytes: number;
  readonly headers: readonly RecordHeader[];
}

/**
 * What a record on a dead-letter topic says of the event that it is the end of: the body by its known form, then headers of
 * the libraries that write them, then the topic's name. Total: all of it is what a stranger wrote, and what is not as it
 * should be is a typed problem beside what could be read.
 */
export function readDeadLetter({ topic, body, bytes, headers }: DeadLetterRecord): DeadLetterFacts {
  const index = indexHeaders(headers);
  const convention = conventionOf(index);
  const known = body === undefined ? null : bodyOf(body);
  // Under a library's headers a body of no known form is the event itself, whose fields say nothing of the failure.
  const own = body === undefined || (known === null && convention !== null) ? null : bodySays(body);
  const said = convention === null ? null : headersSay(index, convention);
  // A body of a sure form is the dead letter itself; else the library's headers say more than fields that look alike.
  const sources = [...(known?.sure ? [own, said] : [said, own])].filter((each) => each !== null);
  const problems = new Set<DeadLetterProblem>();
  if (index.cut) problems.add('too many headers');
  if (bytes === 0) problems.add('empty body');
  else if (body === undefined) problems.add('unreadable body');
  else if (known?.inside != null) {
    const inside = insideEvent(body);
    if (inside !== null && inside.value === undefined) problems.add('event inside is no json');
  }
  const cut = (text: string | null, longest: number): string | null => {
    if (text === null || text.length <= longest) return text;
    problems.add('text cut');
    return text.slice(0, longest);
  };
  const first = (read: (says: BodySays) => string | null) =>
    sources.map(read).find((text): text is string => text !== null) ?? null;
  const number = (
    read: (says: BodySays) => Scalar<bigint>,
    problem: DeadLetterProblem,
    last: bigint,
  ): bigint | null => {
    for (const source of sources) {
      const found = read(source);
      if (found.kind === 'none') continue;
      if (found.kind === 'value' && found.value >= 0n && found.value <= last) return found.value;
      problems.add(problem);
    }
    return null;
  };
  const reason = first((says) => says.reason);
  const retryCount = number((says) => says.retryCount, 'bad retry count', 2n ** 31n - 1n);
  const errorClass = first((says) => says.errorClass) ?? classIn(reason);
  return {
    family: familyOf(known?.sure ? known.family : null, convention, known?.family ?? null),
    original: originalOf({ topic, first, number, problems, times: sources.map(({ timestamp }) => timestamp), cut }),
    consumerGroup: cut(
      first((says) => says.consumerGroup),
      LONGEST_NAME,
    ),
    failedIn: cut(
      first((says) => says.failedIn),
      LONGEST_NAME,
    ),
    reason: cut(reason, LONGEST_REASON),
    fingerprint: fingerprintOf(reason),
    errorClass: cut(errorClass, LONGEST_NAME),
    retryCount: retryCount === null ? null : Number(retryCount),
    failedAt: timeOf(sources.map(({ failedAt }) => failedAt)),
    problems: [...problems],
  };
}

function familyOf(
  sure: DeadLetterFamily | null,
  convention: HeaderConvention | null,
  unsure: DeadLetterFamily | null,
): DeadLetterFamily {
  return sure ?? convention?.family ?? unsure ?? 'unknown';
}

interface OriginalSearch {
  readonly topic: string;
  readonly first: (read: (says: BodySays) => string | null) => string | null;
  readonly number: (
    read: (says: BodySays) => Scalar<bigint>,
    problem: DeadLetterProblem,
    last: bigint,
  ) => bigint | null;
  readonly times: readonly (Json | undefined)[];
  readonly problems: Set<DeadLetterProblem>;
  readonly cut: (text: string | null, longest: number) => string | null;
}

const LAST_PARTITION = 2n ** 31n - 1n;
const LAST_OFFSET = 2n ** 63n - 1n;

function originalOf({ topic, first, number, times, problems, cut }: OriginalSearch): OriginalPlace {
  const named = cut(
    first((says) => says.topic),
    LONGEST_NAME,
  );
  const partition = number((says) => says.partition, 'bad partition', LAST_PARTITION);
  const offset = number((says) => says.offset, 'bad offset', LAST_OFFSET);
  const guessed = named === null ? originalFromName(topic) : null;
  if (guessed !== null) problems.add('original topic from name');
  else if (named === null) problems.add('no original topic');
  const isBad = problems.has('bad partition') || problems.has('bad offset');
  if (named !== null && !isBad && (partition === null || offset === null)) problems.add('no original offset');
  const timestamp = timeOf(times);
  if (timestamp === null && times.some((time) => time !== undefined && time !== null)) problems.add('bad timestamp');
  return {
    topic: named ?? guessed,
    partition: partition === null ? null : Number(partition),
    offset,
    timestamp,
  };
}

/** The first that can be read. */
function timeOf(times: readonly (Json | undefined)[]): Micros | null {
  for (const time of times) {
    const parsed = parseTime(time ?? undefined);
    if (parsed !== null) return parsed.at;
  }
  return null;
}

const NAMED_FIRST = /^([A-Za-z_$][\w$.]{0,200}(?:Error|Exception|Failure|Timeout|Fault))(?::|$)/;

/** `InfraTimeoutError: write timed out` names its class. */
function classIn(reason: string | null): string | null {
  return reason === null ? null : (NAMED_FIRST.exec(reason)?.[1] ?? null);
}
