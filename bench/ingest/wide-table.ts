import type { KafkaMessage } from 'kafkajs';
import { parseTime } from '../../server/model/parse-time.ts';
import { micros } from '../../server/model/time.ts';
import { CopyBinary } from '../../server/store/copy-binary.ts';

/** The table anybody would begin with: texts as texts, the value as it came, and the two indexes the pages need. */
export const WIDE_TABLE = `
  create table wide (
    topic text not null, partition int not null, "offset" bigint not null, recorded_at timestamptz not null,
    key text, correlation_id text, event_id text, causation_id text, event_type text, service text,
    occurred_at timestamptz, headers text, value bytea,
    primary key (topic, partition, "offset"));
  create index wide_correlation on wide (correlation_id, occurred_at);
  create table wide_offset (topic text, partition int, next_offset bigint not null, primary key (topic, partition));`;

export const WIDE_COLUMNS = `topic, partition, "offset", recorded_at, key, correlation_id, event_id, causation_id,
  event_type, service, occurred_at, headers, value`;

interface Envelope {
  readonly correlation_id?: unknown;
  readonly event_id?: unknown;
  readonly causation_id?: unknown;
  readonly event_type?: unknown;
  readonly source_service?: unknown;
  readonly timestamp?: unknown;
}

/** The rows of one batch; a value that is no JSON has none of the envelope's fields. */
export function encodeWide(
  topic: string,
  partition: number,
  messages: readonly KafkaMessage[],
  withHeaders: boolean,
): CopyBinary {
  const copy = new CopyBinary();
  const text = (value: unknown): void => {
    if (typeof value === 'string') copy.text(value.replaceAll('\0', ''));
    else copy.null();
  };
  for (const { offset, timestamp, key, value, headers } of messages) {
    const envelope = parse(value);
    const time = typeof envelope.timestamp === 'string' ? parseTime(envelope.timestamp) : null;
    copy
      .row(13)
      .text(topic)
      .int4(partition)
      .int8(BigInt(offset))
      .timestamptz(micros(Number(timestamp) * 1000));
    text(key?.toString());
    text(envelope.correlation_id);
    text(envelope.event_id);
    text(envelope.causation_id);
    text(envelope.event_type);
    text(envelope.source_service);
    if (time === null) copy.null();
    else copy.timestamptz(time.at);
    text(withHeaders && headers !== undefined ? JSON.stringify(headersOf(headers)) : null);
    if (value === null) copy.null();
    else copy.bytea(value);
  }
  return copy;
}

function parse(value: Buffer | null): Envelope {
  try {
    const parsed: unknown = JSON.parse(value?.toString() ?? 'null');
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function headersOf(headers: NonNullable<KafkaMessage['headers']>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
