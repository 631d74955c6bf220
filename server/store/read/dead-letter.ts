import { isJsonObject, type Json, type JsonObject, ownValue } from '../../model/json.ts';
import type { RecordHeader } from '../../model/record.ts';
import type { DeadLetterWire } from '../../model/wire.ts';

/** Most characters of a reason that are answered; the payload has the rest. */
const LONGEST = 300;
const WHOLE_NUMBER = /^\d{1,19}$/;

/** Where a dead letter keeps what, the first that holds counts: in the body, then in headers of common libraries. */
const REASONS = ['failure_reason', 'error_message', 'error_details', 'error', 'reason', 'failure_type', 'error_type'];
const REASON_HEADERS = [
  ...['failure_reason', 'kafka_dlt-exception-message', '__connect.errors.exception.message', 'MT-Reason'],
  ...['x-quarantine-reason', 'x-exception-message', 'failure_type'],
];
/** Headers that count every try, the first one too: of Spring's retry topics, of Wolverine and of share groups. */
const TRY_HEADERS = ['retry_topic-attempts', 'attempts', '__dlq.errors.delivery.count'];
const MOST = 0x7fffffff;
const PLACE_HEADERS = [
  ['original_topic', 'original_partition', 'original_offset'],
  ['kafka_dlt-original-topic', 'kafka_dlt-original-partition', 'kafka_dlt-original-offset'],
  ['__connect.errors.topic', '__connect.errors.partition', '__connect.errors.offset'],
] as const;

/**
 * What a dead letter says of the event it is the end of, by its body as decoded and its headers. All of it is what a
 * stranger wrote: texts are cut, and a place that is not written as one is left out.
 */
export function readDeadLetter(body: Json, headers: readonly RecordHeader[]): DeadLetterWire {
  const own = isJsonObject(body) ? body : {};
  const header = (name: string) => headers.find((one) => one.name.toString('utf8') === name)?.value ?? null;
  const reason =
    REASONS.map((name) => textOf(ownValue(own, name))).find((text) => text !== null) ??
    REASON_HEADERS.map((name) => header(name)?.toString('utf8').trim()).find((text) => text) ??
    null;
  return {
    reason: reason?.slice(0, LONGEST) ?? null,
    retries: retriesOf(own, header),
    original: placeInBody(own) ?? placeInHeaders(header),
  };
}

function retriesOf(own: JsonObject, header: (name: string) => Buffer | null): number | null {
  const said = count(ownValue(own, 'retry_count')) ?? count(header('retry_count')?.toString('utf8'));
  if (said !== null) return said;
  const tries = TRY_HEADERS.map((name) => count(numberIn(header(name), 4))).find((number) => number !== null);
  return tries === undefined || tries === 0 ? null : tries - 1;
}

/** A count as a number or as text; null for what is none. */
function count(value: Json | undefined): number | null {
  const text = typeof value === 'object' ? '' : `${value}`;
  return WHOLE_NUMBER.test(text) && Number(text) <= MOST ? Number(text) : null;
}

function placeInBody(own: JsonObject): DeadLetterWire['original'] {
  const inner = ownValue(own, 'original_message');
  const message: JsonObject = isJsonObject(inner) ? inner : {};
  const topic = ownValue(own, 'original_topic') ?? ownValue(message, 'topic');
  return typeof topic !== 'string' || topic === ''
    ? null
    : place(
        topic,
        ownValue(own, 'original_partition') ?? ownValue(message, 'partition'),
        ownValue(own, 'original_offset') ?? ownValue(message, 'offset'),
      );
}

function placeInHeaders(header: (name: string) => Buffer | null): DeadLetterWire['original'] {
  for (const [topicName, partitionName, offsetName] of PLACE_HEADERS) {
    const topic = header(topicName)?.toString('utf8');
    if (topic) return place(topic, numberIn(header(partitionName), 4), numberIn(header(offsetName), 8));
  }
  return null;
}

/** A number in a header: big-endian bytes of its size, as Spring writes them, else text. */
function numberIn(value: Buffer | null, bytes: 4 | 8): string | undefined {
  const text = value?.toString('utf8');
  if (value === null || text === undefined || WHOLE_NUMBER.test(text)) return text;
  if (value.length !== bytes) return undefined;
  return bytes === 4 ? `${value.readInt32BE()}` : `${value.readBigInt64BE()}`;
}

function place(topic: string, partition: Json | undefined, offset: Json | undefined): DeadLetterWire['original'] {
  // An array of arrays may be too deep to be written as text.
  const at = typeof offset === 'object' ? '' : `${offset}`;
  return {
    topic: topic.slice(0, LONGEST),
    partition: count(partition),
    offset: WHOLE_NUMBER.test(at) ? BigInt(at).toString() : null,
  };
}

/** A text, or the message of an error that is written as an object. */
function textOf(value: Json | undefined): string | null {
  const said = value !== undefined && isJsonObject(value) ? ownValue(value, 'message') : value;
  return typeof said === 'string' && said.trim() !== '' ? said.trim() : null;
}
