import type { z } from 'zod';
import {
  alertsQuery,
  consumerGroupsQuery,
  coverageQuery,
  deadLettersQuery,
  deliveriesQuery,
  driftQuery,
  eventsQuery,
  latencyQuery,
  liveQuery,
  noQuery,
  rangeQuery,
  schemaSaysQuery,
  searchQuery,
  stallsQuery,
  traceQuery,
  tracesQuery,
  violationExportQuery,
  violationsQuery,
} from '../queries.ts';
import { type ComponentName, componentSchemas, refTo } from './components.ts';
import { queryParameters } from './parameters.ts';

interface Resource {
  readonly id: string;
  readonly summary: string;
  readonly query: z.ZodObject;
  readonly answer: { readonly [mediaType: string]: ComponentName | 'text' | 'document' };
  /** Path parameters with what they mean, in order. */
  readonly path?: Readonly<Record<string, string>>;
  /** Answers with the same document as 200 when it is 503. */
  readonly downToo?: boolean;
  /** Statuses besides 200, 400 and 503. */
  readonly also?: Readonly<Record<string, string>>;
  /** What a write sends; with it the method is POST, unless `method` says otherwise. */
  readonly body?: ComponentName;
  readonly method?: 'put' | 'delete';
  /** Status of a write that made something; 200 without it. */
  readonly made?: '201';
}

const JSON_TYPE = 'application/json';

/** What the door says to writes. */
const WRITE_PROBLEMS = {
  '403': 'Writes are JSON from pages of this server: `Origin` and `content-type` say so.',
  '411': 'The length of the body is missing.',
  '413': 'The body is larger than a megabyte.',
};

/** What is said to changes of a receiver. */
const RECEIVER_PROBLEMS = {
  '404': 'There is no such receiver.',
  '409': 'It is a receiver of throughline.yaml.',
  ...WRITE_PROBLEMS,
};

/** Every path of the API, as it is described. */
const RESOURCES: Readonly<Record<string, Resource | readonly Resource[]>> = {
  '/traces': {
    id: 'listTraces',
    summary: 'Traces by filters, the newest first',
    query: tracesQuery,
    answer: { [JSON_TYPE]: 'TraceList' },
  },
  '/traces/{correlation_id}': {
    id: 'getTrace',
    summary: 'One trace with its events',
    query: traceQuery,
    path: {
      correlation_id:
        'The correlation id, percent-encoded (`/` as `%2F`), or `key:` and the 32 hex digits of its trace key. An id that is `.` or `..` cannot stand in a path: find it by `/traces?correlation_id=`.',
    },
    answer: { [JSON_TYPE]: 'TraceDetail' },
    also: { '404': 'No event is stored under this id; `nearest` and `searched` say more.' },
  },
  '/search': {
    id: 'search',
    summary: 'Everything that a text may mean: ids, types, services, topics and owners, each with its page',
    query: searchQuery,
    answer: { [JSON_TYPE]: 'Search' },
  },
  '/events': {
    id: 'listEvents',
    summary: 'The events behind a count',
    query: eventsQuery,
    answer: { [JSON_TYPE]: 'EventList' },
  },
  '/events/{cluster}/{topic}~{n}/{partition}/{offset}': {
    id: 'getEvent',
    summary: 'One event whole: payload, and each field with where it was found',
    query: noQuery,
    path: {
      cluster: 'Kafka’s cluster id.',
      topic: 'The topic.',
      n: 'Which life of the topic: 1, 2 … when it was deleted and created again.',
      partition: 'The partition.',
      offset: 'The offset.',
    },
    answer: { [JSON_TYPE]: 'EventDetail' },
    also: { '404': 'No record is stored at these coordinates.' },
  },
  '/consumer-groups': {
    id: 'listConsumerGroups',
    summary: 'Consumer groups by name: state, members, what each committed, and its lag in records and seconds',
    query: consumerGroupsQuery,
    answer: { [JSON_TYPE]: 'ConsumerGroupList' },
  },
  '/stalls': {
    id: 'listStalls',
    summary: 'Traces whose next event is overdue, by step and one by one, with the groups that should have acted',
    query: stallsQuery,
    answer: { [JSON_TYPE]: 'StallList' },
  },
  '/owners': {
    id: 'listOwners',
    summary: 'Whom to call about services and topics, which services are one system, and what nobody owns',
    query: noQuery,
    answer: { [JSON_TYPE]: 'OwnerList' },
  },
  '/schemas': {
    id: 'listSchemas',
    summary: 'The schemas in force, those that cannot be used, and how the events of each type fit them',
    query: rangeQuery,
    answer: { [JSON_TYPE]: 'SchemaList' },
  },
  '/schemas/{name}/says': {
    id: 'getSchemaSays',
    summary: 'Where a rule that events break stands in a schema, and what changed since the version before',
    query: schemaSaysQuery,
    path: { name: 'The name of the schema, percent-encoded.' },
    answer: { [JSON_TYPE]: 'SchemaSays' },
    also: { '404': 'No schema of this name and version is in force.' },
  },
  '/violations': {
    id: 'listViolations',
    summary: 'What events break of their schemas, in groups and one by one',
    query: violationsQuery,
    answer: { [JSON_TYPE]: 'ViolationList' },
  },
  '/violations/export': {
    id: 'exportViolations',
    summary: 'The events of the violation log as a file, the newest first',
    query: violationExportQuery,
    answer: { 'application/x-ndjson': 'text', 'text/csv': 'text' },
  },
  '/drift': {
    id: 'listDrift',
    summary:
      'Fields that appeared, vanished or changed type against what events of their type carried before, by a sample',
    query: driftQuery,
    answer: { [JSON_TYPE]: 'DriftList' },
  },
  '/violations/state': {
    id: 'setViolationState',
    summary: 'Acknowledges, mutes or resolves a group of violations, or takes that back',
    query: noQuery,
    body: 'ViolationStateRequest',
    answer: { [JSON_TYPE]: 'ViolationState' },
    also: { '404': 'There is no such group.', ...WRITE_PROBLEMS },
  },
  '/dead-letters': {
    id: 'listDeadLetterQueues',
    summary: 'Dead-letter queues: depth, arrivals, age, what expires unhandled; and failures that reached none',
    query: noQuery,
    answer: { [JSON_TYPE]: 'DeadLetterQueues' },
  },
  '/dead-letters/{topic}': {
    id: 'getDeadLetterQueue',
    summary: 'One queue: its partitions, its dead letters in groups and one by one',
    query: deadLettersQuery,
    path: { topic: 'The topic.' },
    answer: { [JSON_TYPE]: 'DeadLetterQueueDetail' },
    also: { '404': 'No topic of this name is known as a queue, a stage or a mirror.' },
  },
  '/dead-letters/records/{cluster}/{topic}~{n}/{partition}/{offset}': {
    id: 'getDeadLetter',
    summary: 'One dead letter beside its original, and what differs between them',
    query: noQuery,
    path: {
      cluster: 'Kafka’s cluster id.',
      topic: 'The topic.',
      n: 'Which life of the topic.',
      partition: 'The partition.',
      offset: 'The offset.',
    },
    answer: { [JSON_TYPE]: 'DeadLetterDetail' },
    also: { '404': 'No dead letter is stored at these coordinates.' },
  },
  '/dead-letter-marks': {
    id: 'markDeadLetters',
    summary: 'Acknowledges or resolves a queue, a group of it by reason, or one record, or takes that back',
    query: noQuery,
    body: 'DeadLetterMarkRequest',
    answer: { [JSON_TYPE]: 'DeadLetterMarkAnswer' },
    also: { '404': 'There is no such queue, group or record.', ...WRITE_PROBLEMS },
  },
  '/alerts': {
    id: 'listAlerts',
    summary: 'Alerts that fire, wait or cannot be told, and what changed of them in a range',
    query: alertsQuery,
    answer: { [JSON_TYPE]: 'AlertList' },
  },
  '/alerts/queue-resolved': {
    id: 'resolveQueue',
    summary: 'Everything in a dead-letter queue until now counts as handled for alerts',
    query: noQuery,
    body: 'ResolveQueueRequest',
    answer: { [JSON_TYPE]: 'QueueResolved' },
    also: { '404': 'There is no such topic.', ...WRITE_PROBLEMS },
  },
  '/alerts/{fingerprint}': {
    id: 'getAlert',
    summary: 'One alert with its past',
    query: noQuery,
    path: { fingerprint: '16 hex digits; the same for every firing of the alert.' },
    answer: { [JSON_TYPE]: 'AlertDetail' },
    also: { '404': 'There is no such alert.' },
  },
  '/alerts/{fingerprint}/acknowledge': {
    id: 'acknowledgeAlert',
    summary: 'Somebody takes care of the present firing: nothing is repeated of it',
    query: noQuery,
    path: { fingerprint: 'The alert.' },
    body: 'AcknowledgeRequest',
    answer: { [JSON_TYPE]: 'Acknowledgement' },
    also: { '404': 'There is no such alert.', '409': 'It does not fire.', ...WRITE_PROBLEMS },
  },
  '/alert-rules': [
    {
      id: 'listAlertRules',
      summary: 'Rules of the file, of the page and built-in ones, with how they do, and what a rule can watch',
      query: noQuery,
      answer: { [JSON_TYPE]: 'AlertRuleList' },
    },
    {
      id: 'createAlertRule',
      summary: 'Makes a rule; one of the name of a built-in rule takes its place',
      query: noQuery,
      body: 'WrittenRule',
      made: '201',
      answer: { [JSON_TYPE]: 'WrittenRule' },
      also: { '409': 'There is a rule of this name, or there are too many.', ...WRITE_PROBLEMS },
    },
  ],
  '/alert-rules/preview': {
    id: 'previewRule',
    summary: 'What a rule would have done in the last 24 hours, from what and how fine; nothing is changed',
    query: noQuery,
    body: 'WrittenRule',
    answer: { [JSON_TYPE]: 'RulePreview' },
    also: WRITE_PROBLEMS,
  },
  '/alert-rules/{name}': [
    {
      id: 'changeAlertRule',
      summary: 'Changes a rule of the page, or puts one in the place of a built-in one',
      query: noQuery,
      path: { name: 'The rule, percent-encoded.' },
      body: 'WrittenRule',
      method: 'put',
      answer: { [JSON_TYPE]: 'WrittenRule' },
      also: { '404': 'There is no such rule.', '409': 'It is a rule of throughline.yaml.', ...WRITE_PROBLEMS },
    },
    {
      id: 'deleteAlertRule',
      summary: 'Deletes a rule of the page; what it watched ends',
      query: noQuery,
      path: { name: 'The rule, percent-encoded.' },
      body: 'NoBody',
      method: 'delete',
      answer: { [JSON_TYPE]: 'AlertRuleName' },
      also: { '404': 'There is no such rule.', '409': 'It is not a rule of the page.', ...WRITE_PROBLEMS },
    },
  ],
  '/silences': [
    {
      id: 'listSilences',
      summary: 'Silences that hold or will, then those that have ended',
      query: noQuery,
      answer: { [JSON_TYPE]: 'SilenceList' },
    },
    {
      id: 'createSilence',
      summary: 'Nothing is told of alerts that all matchers fit, until it ends',
      query: noQuery,
      body: 'SilenceRequest',
      made: '201',
      answer: { [JSON_TYPE]: 'Silence' },
      also: { '409': 'There are too many.', ...WRITE_PROBLEMS },
    },
  ],
  '/silences/{id}': {
    id: 'endSilence',
    summary: 'Ends a silence now',
    query: noQuery,
    path: { id: 'The silence.' },
    body: 'NoBody',
    method: 'delete',
    answer: { [JSON_TYPE]: 'SilenceId' },
    also: { '404': 'There is no such silence.', ...WRITE_PROBLEMS },
  },
  '/dialects': {
    id: 'listDialects',
    summary: 'The dialects in force in the order they are tried, and how many events each read',
    query: rangeQuery,
    answer: { [JSON_TYPE]: 'DialectList' },
  },
  '/dialects/try': {
    id: 'tryDialects',
    summary: 'How a record is read by the rules in force, step by step; nothing is stored',
    query: noQuery,
    body: 'TryRequest',
    answer: { [JSON_TYPE]: 'Explanation' },
    also: {
      '404': 'No record is stored at these coordinates.',
      '410': 'The record’s bytes are no longer stored.',
      ...WRITE_PROBLEMS,
    },
  },
  '/audits': [
    {
      id: 'listAudits',
      summary: 'What was recounted of what is stored, and what differed',
      query: noQuery,
      answer: { [JSON_TYPE]: 'AuditList' },
    },
  ],
  '/jobs': [
    {
      id: 'listJobs',
      summary: 'The newest background jobs',
      query: noQuery,
      answer: { [JSON_TYPE]: 'JobList' },
    },
    {
      id: 'createJob',
      summary:
        'Reads stored events again by the rules and the schemas in force, or settles traces again by the newest topology, in the background',
      query: noQuery,
      body: 'JobRequest',
      made: '201',
      answer: { [JSON_TYPE]: 'Job' },
      also: { '409': 'Such a job is at work already.', ...WRITE_PROBLEMS },
    },
  ],
  '/jobs/{id}/cancel': {
    id: 'cancelJob',
    summary: 'Stops a job after the records in hand; one that has ended stays as it ended',
    query: noQuery,
    path: { id: 'The job.' },
    body: 'NoBody',
    answer: { [JSON_TYPE]: 'Job' },
    also: { '404': 'There is no such job.', ...WRITE_PROBLEMS },
  },
  '/receivers': [
    {
      id: 'listReceivers',
      summary: 'Who is told of alerts, by name; no secret is answered',
      query: noQuery,
      answer: { [JSON_TYPE]: 'ReceiverList' },
    },
    {
      id: 'createReceiver',
      summary: 'Makes a receiver',
      query: noQuery,
      body: 'ReceiverRequest',
      made: '201',
      answer: { [JSON_TYPE]: 'Receiver' },
      also: { '409': 'Its name is taken, or there are too many.', ...WRITE_PROBLEMS },
    },
  ],
  '/receivers/{name}': [
    {
      id: 'changeReceiver',
      summary: 'Changes a receiver of the page; address, secret and headers stay where they are left out',
      query: noQuery,
      path: { name: 'The receiver.' },
      body: 'ReceiverChange',
      method: 'put',
      answer: { [JSON_TYPE]: 'Receiver' },
      also: RECEIVER_PROBLEMS,
    },
    {
      id: 'removeReceiver',
      summary: 'Removes a receiver of the page; what waits for it is given up',
      query: noQuery,
      path: { name: 'The receiver.' },
      body: 'NoBody',
      method: 'delete',
      answer: { [JSON_TYPE]: 'ReceiverRemoved' },
      also: RECEIVER_PROBLEMS,
    },
  ],
  '/receivers/{name}/test': {
    id: 'testReceiver',
    summary: 'Queues a delivery that says that it is a test; a tap sends it',
    query: noQuery,
    path: { name: 'The receiver.' },
    body: 'NoBody',
    made: '201',
    answer: { [JSON_TYPE]: 'Delivery' },
    also: { '404': 'There is no such receiver.', ...WRITE_PROBLEMS },
  },
  '/deliveries': {
    id: 'listDeliveries',
    summary: 'What was sent to receivers, with each try, the newest first',
    query: deliveriesQuery,
    answer: { [JSON_TYPE]: 'DeliveryList' },
  },
  '/deliveries/{id}/resend': {
    id: 'resendDelivery',
    summary: 'Tries a delivery once more now, under its id and from the begin of its schedule',
    query: noQuery,
    path: { id: 'The delivery.' },
    body: 'NoBody',
    answer: { [JSON_TYPE]: 'Delivery' },
    also: { '404': 'There is no such delivery.', ...WRITE_PROBLEMS },
  },
  '/coverage': {
    id: 'getCoverage',
    summary: 'What is stored, what is not, and why',
    query: coverageQuery,
    answer: { [JSON_TYPE]: 'Coverage' },
  },
  '/activity': {
    id: 'getActivity',
    summary: 'Records stored and traces begun over time',
    query: rangeQuery,
    answer: { [JSON_TYPE]: 'Activity' },
  },
  '/flow': {
    id: 'getFlow',
    summary: 'Services and topics of a range as a map: what went between them, and the state of each',
    query: rangeQuery,
    answer: { [JSON_TYPE]: 'Flow' },
  },
  '/latency': {
    id: 'getLatency',
    summary: 'How long hops, flows or replies took, held against their objectives; of one row its distribution',
    query: latencyQuery,
    answer: { [JSON_TYPE]: 'Latency' },
  },
  '/health': {
    id: 'getHealth',
    summary: 'Whether this process can answer, and how those behind it do; 503 carries the same document',
    query: noQuery,
    answer: { [JSON_TYPE]: 'Health' },
    downToo: true,
  },
  '/metrics': {
    id: 'getMetrics',
    summary: 'The same for Prometheus',
    query: noQuery,
    answer: { 'text/plain': 'text' },
  },
  '/live': {
    id: 'getLive',
    summary: 'Server-sent events; each `data` is a Frame, `id` resumes by `Last-Event-ID`',
    query: liveQuery,
    answer: { 'text/event-stream': 'Frame' },
  },
  '/openapi.json': {
    id: 'getOpenapi',
    summary: 'This document',
    query: noQuery,
    answer: { [JSON_TYPE]: 'document' },
  },
};

/** The description of API v1, OpenAPI 3.1. */
export function openapiDocument(version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Throughline',
      version,
      description:
        'Traces through a Kafka cluster. Times are RFC 3339 UTC, durations numbers in ms (`_ms`) or s (`_s`), offsets texts. Errors are problem documents (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    paths: Object.fromEntries(
      Object.entries(RESOURCES).map(([path, resource]) => [
        path,
        operations(Array.isArray(resource) ? resource : [resource]),
      ]),
    ),
    components: { schemas: componentSchemas() },
  };
}

function operations(resources: readonly Resource[]): Record<string, unknown> {
  return Object.fromEntries(
    resources.map((resource) => [
      resource.method ?? (resource.body === undefined ? 'get' : 'post'),
      operation(resource),
    ]),
  );
}

function operation({
  id,
  summary,
  query,
  path = {},
  answer,
  downToo = false,
  also = {},
  body,
  made,
}: Resource): Record<string, unknown> {
  const problems = {
    '400': 'A parameter is not understood; `errors` names each.',
    '503': 'The database is away.',
    ...also,
  };
  const inPath = Object.entries(path).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }));
  return {
    operationId: id,
    summary,
    parameters: [...inPath, ...queryParameters(query)],
    ...(body !== undefined && {
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: refTo(body) } } },
    }),
    responses: {
      [made ?? '200']: { description: summary, content: content(answer) },
      ...Object.fromEntries(Object.entries(problems).map(([status, words]) => [status, problemAnswer(words)])),
      ...(downToo && { '503': { description: 'The same document, with the reason.', content: content(answer) } }),
    },
  };
}

function content(answer: Resource['answer']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer).map(([mediaType, shape]) => [mediaType, { schema: schemaOf(shape) }]),
  );
}

function schemaOf(shape: Resource['answer'][string]): unknown {
  if (shape === 'text') return { type: 'string' };
  return shape === 'document' ? { type: 'object' } : refTo(shape);
}

function problemAnswer(description: string): unknown {
  return { description, content: { 'application/problem+json': { schema: refTo('Problem') } } };
}
