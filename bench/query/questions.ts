import { correlationIdOf, longTrace, orderIdOf, serviceName, TYPES, topicName, typeName } from './filled-database.ts';

/** One kind of request; its path after `/api/v1` is another each time. */
export interface Question {
  readonly name: string;
  /** Highest p50 and p95 in ms that are asked for; null where nothing is. */
  readonly p50: number | null;
  readonly p95: number;
  path(random: () => number, traces: number): string;
}

const anyType = (random: () => number) => Math.floor(random() * TYPES);
/** What is asked, with what is asked of it. */
export const QUESTIONS: readonly Question[] = [
  {
    ...{ name: 'trace by id, 20 events with payloads', p50: 10, p95: 25 },
    path: (random, traces) => `/traces/${correlationIdOf(longTrace(random(), traces))}?include=payload`,
  },
  { name: 'traces, newest', p50: null, p95: 100, path: () => '/traces' },
  { name: 'traces by type', p50: null, p95: 100, path: (random) => `/traces?event_type=${typeName(anyType(random))}` },
  {
    name: 'traces by service',
    p50: null,
    p95: 100,
    path: (random) => `/traces?service=${serviceName(anyType(random))}`,
  },
  { name: 'traces by topic', p50: null, p95: 100, path: (random) => `/traces?topic=${topicName(anyType(random))}` },
  {
    ...{ name: 'traces by status', p50: null, p95: 100 },
    path: (random) => `/traces?status=${random() < 0.5 ? 'running' : 'unknown'}`,
  },
  {
    ...{ name: 'traces by time', p50: null, p95: 100 },
    path: (random) => `/traces?from=-${1 + Math.floor(random() * 1380)}m&to=-${Math.floor(random())}m`,
  },
  {
    name: 'traces by duration',
    p50: null,
    p95: 100,
    path: (random) => `/traces?min_duration_ms=${Math.floor(random() * 1500)}`,
  },
  {
    ...{ name: 'traces by begin of an id', p50: null, p95: 100 },
    path: (random, traces) =>
      `/traces?q=${correlationIdOf(Math.floor(random() * traces)).slice(0, 2 + Math.floor(random() * 8))}`,
  },
  {
    ...{ name: 'search by field', p50: null, p95: 100 },
    path: (random, traces) => `/traces?field=order_id:${orderIdOf(Math.floor(random() * traces))}`,
  },
  { name: '/latency over 24 h', p50: null, p95: 100, path: () => '/latency?from=-24h' },
  { name: '/flow over 24 h', p50: null, p95: 100, path: () => '/flow?from=-24h' },
];
