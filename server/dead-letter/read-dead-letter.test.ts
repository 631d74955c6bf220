import { describe, expect, test } from 'vitest';
import type { DeadLetterFacts } from '../model/dead-letter.ts';
import type { Json } from '../model/json.ts';
import type { RecordHeader } from '../model/record.ts';
import { LONGEST_REASON, readDeadLetter } from './read-dead-letter.ts';

type Headers = Readonly<Record<string, string | Buffer | null>>;

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

function headersOf(headers: Headers): RecordHeader[] {
  return Object.entries(headers).map(([name, value]) => ({
    name: Buffer.from(name),
    value: value === null ? null : Buffer.from(value),
  }));
}

function read(body: Json | undefined, headers: Headers = {}, topic = 'x.dlq'): DeadLetterFacts {
  const bytes = body === undefined ? 0 : 10;
  return readDeadLetter({ topic, body, bytes, headers: headersOf(headers) });
}

const at = (text: string) => Date.parse(text) * 1000;
const ISO = '2025-11-13T16:00:00.500Z';
const US = at(ISO);

describe('a body', () => {
  test.each<[string, Json, Partial<DeadLetterFacts>]>([
    [
      'of the SPI publisher: the envelope inside, the error at a float of seconds',
      {
        ...{ original_topic: 'a.b', original_envelope: { correlation_id: 'c' }, error_message: 'no room' },
        ...{ error_timestamp: US / 1e6, service: 'consumer', instance_id: 'i-1', retry_count: 3 },
      },
      {
        ...{
          family: 'original_envelope',
          reason: 'no room',
          retryCount: 3,
          failedIn: 'consumer',
          failedAt: US as never,
        },
        original: { topic: 'a.b', partition: null, offset: null, timestamp: null },
        problems: ['no original offset'],
      },
    ],
    [
      'of the raw consumer: whole coordinates, and the value as a text',
      {
        ...{ original_topic: 'a.b', original_partition: 2, original_offset: 57, original_timestamp: US / 1000 },
        ...{ original_value: '{"correlation_id":"c"}', error: 'cannot be empty', error_type: 'validation_error' },
        ...{ error_timestamp: ISO, consumer_group: 'archon' },
      },
      {
        ...{
          family: 'original_value',
          reason: 'cannot be empty',
          errorClass: 'validation_error',
          consumerGroup: 'archon',
        },
        original: { topic: 'a.b', partition: 2, offset: 57n, timestamp: US as never },
        ...{ failedAt: US as never, problems: [] },
      },
    ],
    [
      'of the enrichment: no original topic, but in the name of the queue',
      {
        ...{ event_type: 'enrichment_failed', failure_timestamp: '2025-11-13T16:00:00.500000', failure_reason: 'late' },
        ...{ failure_type: 'TimeoutError', retry_count: 3, original_event: {}, error_details: { retry_history: [] } },
      },
      {
        ...{ family: 'enrichment', reason: 'late', errorClass: 'TimeoutError', retryCount: 3, failedAt: US as never },
        original: { topic: 'x', partition: null, offset: null, timestamp: null },
        problems: ['original topic from name'],
      },
    ],
    [
      'of observability: no topic, no retries',
      { original_event: {}, error: 'bad', failed_at: ISO, consumer_group: 'g' },
      { family: 'original_event', reason: 'bad', retryCount: null, consumerGroup: 'g', failedAt: US as never },
    ],
    [
      'of the bridge',
      {
        ...{ original_message: {}, original_topic: 'q', original_partition: 1, original_offset: 3 },
        ...{ original_timestamp: US / 1000, error_type: 't', error_message: 'm', error_context: {}, failed_at: ISO },
        retry_count: 2,
      },
      {
        ...{ family: 'original_message', reason: 'm', errorClass: 't', retryCount: 2 },
        original: { topic: 'q', partition: 1, offset: 3n, timestamp: US as never },
      },
    ],
    [
      'of the bus, processed: the offset is a text',
      {
        ...{ original_topic: 'q', original_message: { key: 'k', value: '{}', offset: '19', partition: 0 } },
        ...{ failure_reason: 'InfraTimeoutError: write timed out', failure_timestamp: ISO, correlation_id: 'foreign' },
        ...{ retry_count: 3, failure_class: 'consumer_error' },
      },
      {
        ...{ family: 'original_message.value', errorClass: 'consumer_error', retryCount: 3 },
        original: { topic: 'q', partition: 0, offset: 19n, timestamp: null },
        problems: [],
      },
    ],
    [
      'of the bus, raw: what is inside is no JSON',
      {
        ...{ original_topic: 'q', original_message: { key: null, value: '{"corr', offset: 19, partition: 0 } },
        ...{ failure_reason: 'r', failure_type: 'deserialization_error' },
      },
      {
        ...{ family: 'original_message.value', errorClass: 'deserialization_error' },
        problems: ['event inside is no json'],
      },
    ],
    [
      'of a projection: no original topic at all',
      {
        ...{ original_message: { a: 1 }, failure_reason: 'r', failure_class: 'consumer_error', correlation_id: 'c' },
        ...{ retry_count: 0, failed_at: ISO, handler: 'h', quarantine_fallback: false },
      },
      { family: 'projection', errorClass: 'consumer_error', retryCount: 0, failedIn: 'h', failedAt: US as never },
    ],
    [
      'of quarantine: where it stood before',
      {
        ...{ quarantine_correlation_id: 'q', quarantined_at: ISO, quarantined_by: 'ops', reason: 'poison' },
        ...{ original_topic: 'a.b', original_correlation_id: 'c', error_type: 't', retry_count: 5 },
        ...{ source_dlq_topic: 'd', source_dlq_offset: 3, source_dlq_partition: 0, original_payload: {} },
      },
      {
        ...{ family: 'quarantine', reason: 'poison', errorClass: 't', retryCount: 5, failedIn: 'ops' },
        original: { topic: 'a.b', partition: null, offset: null, timestamp: null },
      },
    ],
    [
      'that is flat: the error beside the event’s own fields',
      { original_topic: 'a.b', error_message: 'm', error_timestamp: ISO, service: 's', correlation_id: 'c' },
      { family: 'flat', reason: 'm', failedIn: 's', original: expect.objectContaining({ topic: 'a.b' }) },
    ],
    [
      'whose error is an object',
      { original_event: {}, error: { message: 'no', type: 'E' } },
      { family: 'original_event', reason: 'no', errorClass: 'E' },
    ],
    ['that is of no known form', { error: 'odd', a: 1 }, { family: 'unknown', reason: 'odd', fingerprint: 'odd' }],
  ])('%s', (_what, body, facts) => expect(read(body)).toMatchObject(facts));
});

describe('headers', () => {
  test.each<[string, Headers, Partial<DeadLetterFacts>]>([
    [
      'of Spring, whose numbers are big-endian bytes',
      {
        ...{ 'kafka_dlt-original-topic': 'orders', 'kafka_dlt-original-partition': int32(3) },
        ...{
          'kafka_dlt-original-offset': int64(9_007_199_254_740_993n),
          'kafka_dlt-original-timestamp': int64(1763049600500n),
        },
        ...{ 'kafka_dlt-original-timestamp-type': 'CreateTime', 'kafka_dlt-original-consumer-group': 'billing' },
        ...{ 'kafka_dlt-exception-fqcn': 'org.springframework.kafka.listener.ListenerExecutionFailedException' },
        ...{ 'kafka_dlt-exception-cause-fqcn': 'java.lang.IllegalStateException', 'kafka_dlt-exception-message': 'no' },
        ...{ 'kafka_dlt-exception-stacktrace': 'at …', 'retry_topic-attempts': int32(4) },
      },
      {
        ...{ family: 'spring', consumerGroup: 'billing', errorClass: 'java.lang.IllegalStateException', reason: 'no' },
        original: { topic: 'orders', partition: 3, offset: 9_007_199_254_740_993n, timestamp: US as never },
        ...{ retryCount: 4, problems: [] },
      },
    ],
    [
      'of Spring for a key that cannot be read',
      {
        ...{ 'kafka_dlt-original-topic': 'o', 'kafka_dlt-key-exception-message': 'bad key' },
        'kafka_dlt-key-exception-fqcn': 'K',
      },
      { family: 'spring', reason: 'bad key', errorClass: 'K', problems: ['no original offset'] },
    ],
    [
      'of Spring’s older versions',
      {
        ...{ 'kafka_original-topic': 'o', 'kafka_original-partition': int32(0), 'kafka_original-offset': int64(0n) },
        ...{ 'kafka_exception-fqcn': 'E', 'kafka_exception-message': 'm' },
      },
      { family: 'spring', original: { topic: 'o', partition: 0, offset: 0n, timestamp: null }, errorClass: 'E' },
    ],
    [
      'of Connect, which are texts',
      {
        ...{ '__connect.errors.topic': 'o', '__connect.errors.partition': '1', '__connect.errors.offset': '12' },
        ...{
          '__connect.errors.connector.name': 'sink',
          '__connect.errors.task.id': '0',
          '__connect.errors.stage': 'VALUE_CONVERTER',
        },
        ...{ '__connect.errors.class.name': 'C', '__connect.errors.exception.class.name': 'DataException' },
        '__connect.errors.exception.message': 'Failed to deserialize',
      },
      {
        ...{ family: 'kafka connect', failedIn: 'sink', errorClass: 'DataException', reason: 'Failed to deserialize' },
        original: { topic: 'o', partition: 1, offset: 12n, timestamp: null },
      },
    ],
    [
      'of Streams',
      {
        ...{ '__streams.errors.exception': 'E', '__streams.errors.message': 'm', '__streams.errors.stacktrace': 's' },
        ...{ '__streams.errors.topic': 'o', '__streams.errors.partition': '1', '__streams.errors.offset': '7' },
      },
      {
        ...{ family: 'kafka streams', errorClass: 'E', reason: 'm' },
        original: { topic: 'o', partition: 1, offset: 7n, timestamp: null },
      },
    ],
    [
      'of MassTransit',
      {
        ...{
          'MT-Reason': 'fault',
          'MT-Fault-Message': 'm',
          'MT-Fault-ExceptionType': 'System.E',
          'MT-Redelivery-Count': '2',
        },
        ...{
          'MT-Fault-Timestamp': '2025-11-13T16:00:00.5000000Z',
          'MT-Fault-InputAddress': 'loopback://localhost/kafka/orders',
        },
        'MT-Fault-ConsumerType': 'Shop.Consumer',
      },
      {
        ...{ family: 'masstransit', reason: 'm', errorClass: 'System.E', retryCount: 2, failedIn: 'Shop.Consumer' },
        ...{ failedAt: US as never, original: { topic: 'orders', partition: null, offset: null, timestamp: null } },
      },
    ],
    [
      'of MassTransit with a reason alone',
      { 'MT-Reason': 'dead-letter' },
      { family: 'masstransit', reason: 'dead-letter' },
    ],
    [
      'of NServiceBus',
      {
        ...{ 'NServiceBus.FailedQ': 'Sales@MACHINE', 'NServiceBus.ExceptionInfo.Message': 'm' },
        ...{ 'NServiceBus.ExceptionInfo.ExceptionType': 'System.E', 'NServiceBus.Retries': '3' },
        ...{ 'NServiceBus.TimeOfFailure': '2025-11-13 16:00:00:500000 Z', 'NServiceBus.ProcessingEndpoint': 'Billing' },
      },
      {
        ...{ family: 'nservicebus', reason: 'm', errorClass: 'System.E', retryCount: 3, failedIn: 'Billing' },
        ...{ failedAt: US as never, original: expect.objectContaining({ topic: 'Sales' }) },
      },
    ],
    [
      'of the 2026 bus around a body that says nothing',
      {
        ...{ dlq_topic: 'd', original_topic: 'o', failure_reason: 'r', failure_timestamp: ISO, retry_count: '0' },
        failure_class: 'no_dispatcher',
      },
      { family: 'onex headers', reason: 'r', errorClass: 'no_dispatcher', retryCount: 0, failedAt: US as never },
    ],
  ])('%s', (_what, headers, facts) => {
    expect(read({ correlation_id: 'c', reason: 'the event’s own' }, headers)).toMatchObject(facts);
  });

  test('of share groups stand around an empty body: coordinates are all there is', () => {
    const headers = {
      ...{ '__dlq.errors.topic': 'orders', '__dlq.errors.partition': '4', '__dlq.errors.offset': '11' },
      ...{
        '__dlq.errors.group': 'share',
        '__dlq.errors.delivery.count': '5',
        '__dlq.errors.message': 'released too often',
      },
    };
    expect(read(undefined, headers)).toMatchObject({
      ...{ family: 'share group', consumerGroup: 'share', retryCount: 5, reason: 'released too often' },
      original: { topic: 'orders', partition: 4, offset: 11n, timestamp: null },
      problems: ['empty body'],
    });
  });

  test('that are repeated: the first names the original, the last the failure', () => {
    const headers = [
      ...headersOf({ 'kafka_dlt-original-topic': 'orders', 'kafka_dlt-exception-message': 'first' }),
      ...headersOf({ 'kafka_dlt-original-topic': 'orders-retry-0', 'kafka_dlt-exception-message': 'last' }),
    ];
    const facts = readDeadLetter({ topic: 'orders-dlt', body: {}, bytes: 2, headers });
    expect([facts.original.topic, facts.reason]).toEqual(['orders', 'last']);
  });

  test('fill in what a body of a known form leaves open, and give way to it', () => {
    const body = {
      original_topic: 'a',
      original_message: { value: '{}', partition: 0 },
      failure_reason: 'of the body',
    };
    const facts = read(body, { original_topic: 'b', failure_reason: 'of headers', failure_class: 'no_dispatcher' });
    expect(facts).toMatchObject({ reason: 'of the body', errorClass: 'no_dispatcher', original: { topic: 'a' } });
  });
});

describe('what is not as it should be', () => {
  test.each<[string, Json | undefined, Headers, Partial<DeadLetterFacts>]>([
    [
      'nothing at all',
      undefined,
      {},
      { family: 'unknown', reason: null, fingerprint: '', problems: expect.arrayContaining(['empty body']) },
    ],
    [
      'numbers that are none',
      {
        original_topic: 't',
        original_partition: -1,
        original_offset: 'x',
        original_timestamp: 'soon',
        error: 'e',
        retry_count: 1.5,
      },
      {},
      {
        original: { topic: 't', partition: null, offset: null, timestamp: null },
        problems: expect.arrayContaining(['bad partition', 'bad offset', 'bad timestamp', 'bad retry count']),
      },
    ],
    [
      'numbers beyond all bounds',
      { original_topic: 't', original_partition: 2 ** 31, original_offset: '9223372036854775808', error: 'e' },
      {},
      {
        original: expect.objectContaining({ partition: null, offset: null }),
        problems: ['bad partition', 'bad offset'],
      },
    ],
    [
      'bytes where numbers should be',
      {},
      {
        'kafka_dlt-original-topic': 't',
        'kafka_dlt-original-partition': Buffer.from([255]),
        'kafka_dlt-original-offset': int64(-1n),
      },
      {
        original: expect.objectContaining({ partition: null, offset: null }),
        problems: ['bad partition', 'bad offset'],
      },
    ],
    [
      'headers without values and with bytes that are no text',
      {},
      { 'kafka_dlt-original-topic': null, 'kafka_dlt-exception-message': Buffer.from([0xff, 0xfe]) },
      { family: 'spring', original: expect.objectContaining({ topic: 'x' }), problems: ['original topic from name'] },
    ],
    [
      'texts without end',
      { original_topic: 't'.repeat(9000), error: 'e'.repeat(9000), original_event: {} },
      {},
      { reason: 'e'.repeat(LONGEST_REASON), problems: expect.arrayContaining(['text cut']) },
    ],
    [
      'keys of a prototype',
      JSON.parse('{"__proto__":{"original_topic":"t"},"constructor":1}'),
      {},
      { family: 'unknown' },
    ],
    ['a list', [1, 2], {}, { family: 'unknown', reason: null }],
  ])('%s', (_what, body, headers, facts) => expect(read(body, headers)).toMatchObject(facts));

  test('a body that could not be decoded leaves what headers say', () => {
    const headers = headersOf({ '__connect.errors.topic': 'o', '__connect.errors.exception.message': 'm' });
    const facts = readDeadLetter({ topic: 'odd', body: undefined, bytes: 7, headers });
    expect(facts).toMatchObject({
      family: 'kafka connect',
      reason: 'm',
      problems: ['unreadable body', 'no original offset'],
    });
  });

  test('headers in tens of thousands are looked at up to a bound, and that is said', () => {
    const headers = Array.from({ length: 50_000 }, (_, n) => ({ name: Buffer.from(`h${n}`), value: null }));
    expect(readDeadLetter({ topic: 'odd', body: {}, bytes: 2, headers }).problems).toContain('too many headers');
  });
});

describe('the original topic by the name of the queue', () => {
  test.each([
    ['orders.dlq', 'orders'],
    ['orders-dlt', 'orders'],
    ['orders.DLT', 'orders'],
    ['dev.archon-intelligence.enrich-document-dlq.v1', 'dev.archon-intelligence.enrich-document.v1'],
    ['onex.dlq.omnibase-infra.events.v1', null],
    ['local.dlq.intelligence.v1', null],
    ['dlq.orders', null],
    ['graveyard', null],
  ])('%s → %s', (topic, original) => expect(read({}, {}, topic).original.topic).toBe(original));
});
