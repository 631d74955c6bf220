import type { DeadLetterFamily } from '../model/dead-letter.ts';
import type { HeaderIndex } from './header-index.ts';

/** What the headers of one convention are called; of each list the first that says something counts. */
export interface HeaderConvention {
  readonly family: DeadLetterFamily;
  /** The record is of this convention when it has one of these, or one that begins with the prefix. */
  readonly marks: readonly string[];
  readonly prefix: string | null;
  readonly topic: readonly string[];
  readonly partition: readonly string[];
  readonly offset: readonly string[];
  readonly timestamp: readonly string[];
  readonly group: readonly string[];
  readonly failedIn: readonly string[];
  readonly reason: readonly string[];
  readonly errorClass: readonly string[];
  readonly retries: readonly string[];
  readonly failedAt: readonly string[];
  /** The topic stands in an address: its last segment, without the machine. */
  readonly topicIsAddress?: true;
}

const NOTHING = { timestamp: [], group: [], failedIn: [], failedAt: [], retries: [] } as const;

/** Spring's headers, which begin alike on dead letters and, without `dlt`, on records of older versions. */
function spring(
  original: string,
  exception: string,
): Pick<HeaderConvention, 'topic' | 'partition' | 'offset' | 'timestamp' | 'group' | 'reason' | 'errorClass'> {
  const of = (part: string) => `${original}${part}`;
  return {
    ...{ topic: [of('topic')], partition: [of('partition')], offset: [of('offset')], timestamp: [of('timestamp')] },
    group: [of('consumer-group')],
    reason: [`${exception}message`, 'kafka_dlt-key-exception-message'],
    // The first is what Spring wraps every error in.
    errorClass: [`${exception}cause-fqcn`, `${exception}fqcn`, 'kafka_dlt-key-exception-fqcn'],
  };
}

const RETRIES_OF_SPRING = ['retry_topic-attempts', 'kafka_deliveryAttempt'];

/** In the order in which they are looked for; a record of two of them is of the first. */
export const HEADER_CONVENTIONS: readonly HeaderConvention[] = [
  {
    family: 'spring',
    ...{ marks: [], prefix: 'kafka_dlt-', failedIn: [], failedAt: [], retries: RETRIES_OF_SPRING },
    ...spring('kafka_dlt-original-', 'kafka_dlt-exception-'),
  },
  {
    family: 'kafka connect',
    ...{ marks: [], prefix: '__connect.errors.' },
    ...NOTHING,
    ...{
      topic: ['__connect.errors.topic'],
      partition: ['__connect.errors.partition'],
      offset: ['__connect.errors.offset'],
    },
    failedIn: ['__connect.errors.connector.name'],
    reason: ['__connect.errors.exception.message', '__connect.errors.stage'],
    errorClass: ['__connect.errors.exception.class.name', '__connect.errors.class.name'],
  },
  {
    family: 'kafka streams',
    ...{ marks: [], prefix: '__streams.errors.' },
    ...NOTHING,
    ...{
      topic: ['__streams.errors.topic'],
      partition: ['__streams.errors.partition'],
      offset: ['__streams.errors.offset'],
    },
    reason: ['__streams.errors.message'],
    errorClass: ['__streams.errors.exception'],
  },
  {
    family: 'share group',
    ...{ marks: [], prefix: '__dlq.errors.' },
    ...NOTHING,
    ...{ topic: ['__dlq.errors.topic'], partition: ['__dlq.errors.partition'], offset: ['__dlq.errors.offset'] },
    group: ['__dlq.errors.group'],
    reason: ['__dlq.errors.message'],
    errorClass: [],
    retries: ['__dlq.errors.delivery.count'],
  },
  {
    family: 'masstransit',
    ...{ marks: ['MT-Reason'], prefix: 'MT-Fault-', topicIsAddress: true },
    ...NOTHING,
    ...{ topic: ['MT-Fault-InputAddress'], partition: [], offset: [] },
    failedIn: ['MT-Fault-ConsumerType', 'MT-Host-ProcessName'],
    reason: ['MT-Fault-Message', 'MT-Reason'],
    errorClass: ['MT-Fault-ExceptionType'],
    retries: ['MT-Fault-RetryCount', 'MT-Redelivery-Count'],
    failedAt: ['MT-Fault-Timestamp'],
  },
  {
    family: 'nservicebus',
    ...{ marks: ['NServiceBus.FailedQ'], prefix: 'NServiceBus.ExceptionInfo.', topicIsAddress: true },
    ...NOTHING,
    ...{ topic: ['NServiceBus.FailedQ'], partition: [], offset: [] },
    failedIn: ['NServiceBus.ProcessingEndpoint'],
    reason: ['NServiceBus.ExceptionInfo.Message'],
    errorClass: ['NServiceBus.ExceptionInfo.ExceptionType', 'NServiceBus.ExceptionInfo.InnerExceptionType'],
    retries: ['NServiceBus.Retries', 'NServiceBus.DelayedRetries', 'NServiceBus.FLRetries'],
    failedAt: ['NServiceBus.TimeOfFailure'],
  },
  {
    family: 'spring',
    ...{ marks: ['kafka_original-topic', 'kafka_exception-fqcn'], prefix: null, failedIn: [], failedAt: [] },
    ...spring('kafka_original-', 'kafka_exception-'),
    retries: RETRIES_OF_SPRING,
  },
  {
    family: 'onex headers',
    ...{ marks: ['dlq_topic', 'failure_reason', 'x-quarantine-reason', 'original_topic'], prefix: null },
    ...NOTHING,
    ...{ topic: ['original_topic'], partition: ['original_partition'], offset: ['original_offset'] },
    reason: ['failure_reason', 'x-quarantine-reason', 'x-exception-message', 'failure_type'],
    errorClass: ['error_type', 'failure_type', 'failure_class'],
    retries: ['retry_count'],
    failedAt: ['failure_timestamp'],
  },
];

/** The convention that the headers of a record follow; null for none. */
export function conventionOf(headers: HeaderIndex): HeaderConvention | null {
  return (
    HEADER_CONVENTIONS.find(
      ({ marks, prefix }) => marks.some((name) => headers.has(name)) || (prefix !== null && headers.startsWith(prefix)),
    ) ?? null
  );
}
