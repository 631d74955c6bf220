import { answer } from './answer.ts';
import type { ApiDeps, Handler } from './api-deps.ts';
import { getActivity } from './get-activity.ts';
import { getCoverage } from './get-coverage.ts';
import { getEvent } from './get-event.ts';
import { getHealth } from './get-health.ts';
import { getLive } from './get-live.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenapi } from './get-openapi.ts';
import { getTrace } from './get-trace.ts';
import { listConsumerGroups } from './list-consumer-groups.ts';
import { listEvents } from './list-events.ts';
import { listTraces } from './list-traces.ts';
import { unknownPath } from './unknown-path.ts';

const HANDLERS = {
  listTraces,
  getTrace,
  listEvents,
  getEvent,
  listConsumerGroups,
  getCoverage,
  getActivity,
  getHealth,
  getMetrics,
  getLive,
  getOpenapi,
  unknownPath,
} as const satisfies Record<string, Handler>;

export type ApiName = keyof typeof HANDLERS;

/** API v1: answers a request to one resource. Never throws, never answers with a stack trace. */
export type Api = (name: ApiName, request: Request) => Promise<Response>;

/** Joins the handlers to what they work with. */
export function createApi(deps: ApiDeps): Api {
  return (name, request) => answer(HANDLERS[name], request, deps);
}
