import type { z } from 'zod';
import {
  consumerGroupsQuery,
  coverageQuery,
  eventsQuery,
  liveQuery,
  noQuery,
  rangeQuery,
  traceQuery,
  tracesQuery,
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
}

const JSON_TYPE = 'application/json';

/** Every path of the API, as it is described. */
const RESOURCES: Readonly<Record<string, Resource>> = {
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
      Object.entries(RESOURCES).map(([path, resource]) => [path, { get: operation(resource) }]),
    ),
    components: { schemas: componentSchemas() },
  };
}

function operation({
  id,
  summary,
  query,
  path = {},
  answer,
  downToo = false,
  also = {},
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
    responses: {
      '200': { description: summary, content: content(answer) },
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
