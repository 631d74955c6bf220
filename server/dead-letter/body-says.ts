import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { numberOfJson, type Scalar } from './read-scalar.ts';

/** What one source, a body or headers, says of a failure. Nothing is cut or checked yet but that numbers are some. */
export interface BodySays {
  readonly topic: string | null;
  readonly partition: Scalar<bigint>;
  readonly offset: Scalar<bigint>;
  /** As it was written. */
  readonly timestamp: Json | undefined;
  readonly consumerGroup: string | null;
  readonly failedIn: string | null;
  readonly reason: string | null;
  readonly errorClass: string | null;
  readonly retryCount: Scalar<bigint>;
  readonly failedAt: Json | undefined;
}

/** Where bodies keep what, the first that holds counts. */
const REASONS = ['failure_reason', 'error_message', 'error', 'reason', 'error_details', 'failure_type', 'error_type'];
const NAMED_CLASSES = ['error_type', 'failure_type'];
const ERRORS = ['error', 'error_details'];
const GROUPS = ['consumer_group', 'group_id'];
const PLACES = ['handler', 'service', 'quarantined_by'];
const TIMES = ['error_timestamp', 'failure_timestamp', 'failed_at', 'quarantined_at'];

/** What the body of a dead letter says of the failure, whichever of the known forms it has: their names never clash. */
export function bodySays(body: Json): BodySays {
  const own: JsonObject = isJsonObject(body) ? body : {};
  const inner = ownValue(own, 'original_message');
  const message: JsonObject = isJsonObject(inner) ? inner : {};
  const text = (names: readonly string[], read = textOf) =>
    names.map((name) => read(ownValue(own, name))).find((found) => found !== null) ?? null;
  return {
    topic: textOf(ownValue(own, 'original_topic')) ?? textOf(ownValue(message, 'topic')),
    partition: numberOfJson(ownValue(own, 'original_partition') ?? ownValue(message, 'partition')),
    offset: numberOfJson(ownValue(own, 'original_offset') ?? ownValue(message, 'offset')),
    timestamp: ownValue(own, 'original_timestamp'),
    consumerGroup: text(GROUPS),
    failedIn: text(PLACES),
    reason: text(REASONS),
    errorClass: text(NAMED_CLASSES) ?? text(ERRORS, classOf) ?? text(['failure_class']),
    retryCount: numberOfJson(ownValue(own, 'retry_count')),
    failedAt: TIMES.map((name) => ownValue(own, name)).find((time) => time !== undefined && time !== null),
  };
}

/** A text, or the message of an error that is written as an object. */
function textOf(value: Json | undefined): string | null {
  const said = isJsonObject(value) ? (ownValue(value, 'message') ?? ownValue(value, 'error_message')) : value;
  return typeof said === 'string' && said.trim() !== '' ? said.trim() : null;
}

/** The class of an error that is written as an object. */
function classOf(value: Json | undefined): string | null {
  if (!isJsonObject(value)) return null;
  const said = ownValue(value, 'type') ?? ownValue(value, 'error_type') ?? ownValue(value, 'class');
  return typeof said === 'string' && said.trim() !== '' ? said.trim() : null;
}
