import type { Json } from '../model/json.ts';
import type { BodySays } from './body-says.ts';
import type { HeaderConvention } from './header-conventions.ts';
import type { HeaderIndex } from './header-index.ts';
import { NONE, numberOfBytes, type Scalar, textOfBytes, WIDTHS } from './read-scalar.ts';

/** What headers say of a failure, by the convention they follow. */
export function headersSay(headers: HeaderIndex, convention: HeaderConvention): BodySays {
  const first = (names: readonly string[]) =>
    names.map((name) => textOfBytes(headers.first(name))).find(isText) ?? null;
  const last = (names: readonly string[]) => names.map((name) => textOfBytes(headers.last(name))).find(isText) ?? null;
  const number = (names: readonly string[], widths: readonly number[], of = headers.first) =>
    names.map((name) => numberOfBytes(of(name), widths)).find(({ kind }) => kind !== 'none') ?? NONE;
  const topic = first(convention.topic);
  return {
    topic: topic === null || !convention.topicIsAddress ? topic : topicOfAddress(topic),
    partition: number(convention.partition, WIDTHS.int32),
    offset: number(convention.offset, WIDTHS.int64),
    timestamp: timeOf(number(convention.timestamp, WIDTHS.bigInteger), first(convention.timestamp)),
    consumerGroup: last(convention.group),
    failedIn: last(convention.failedIn),
    reason: last(convention.reason),
    errorClass: last(convention.errorClass),
    retryCount: number(convention.retries, WIDTHS.int32, headers.last),
    failedAt: last(convention.failedAt) ?? undefined,
  };
}

/** Milliseconds as bytes or digits, else a text for the reader of times. */
function timeOf(number: Scalar<bigint>, text: string | null): Json | undefined {
  return number.kind === 'value' ? number.value : (text ?? undefined);
}

/** `rabbitmq://host/kafka/orders` and `orders@machine` name `orders`. */
function topicOfAddress(address: string): string | null {
  const path = address.split(/[?#]/, 1)[0] ?? '';
  const name = path.split('/').at(-1)?.split('@', 1)[0]?.trim() ?? '';
  return name === '' ? null : name;
}

function isText(text: string | null): text is string {
  return text !== null;
}
