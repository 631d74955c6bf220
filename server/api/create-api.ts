import { answer } from './answer.ts';
import type { ApiDeps, Resource } from './api-deps.ts';
import { cancelJob } from './cancel-job.ts';
import { createJob } from './create-job.ts';
import { getActivity } from './get-activity.ts';
import { getCoverage } from './get-coverage.ts';
import { getEvent } from './get-event.ts';
import { getFlow } from './get-flow.ts';
import { getHealth } from './get-health.ts';
import { getLatency } from './get-latency.ts';
import { getLive } from './get-live.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenapi } from './get-openapi.ts';
import { getTrace } from './get-trace.ts';
import { listAudits } from './list-audits.ts';
import { listConsumerGroups } from './list-consumer-groups.ts';
import { listDialects } from './list-dialects.ts';
import { listEvents } from './list-events.ts';
import { listJobs } from './list-jobs.ts';
import { listOwners } from './list-owners.ts';
import { listStalls } from './list-stalls.ts';
import { listTraces } from './list-traces.ts';
import { tryDialects } from './try-dialects.ts';
import { unknownPath } from './unknown-path.ts';

/** The resources by the name a route asks for. */
const RESOURCES = {
  listTraces: { GET: listTraces },
  getTrace: { GET: getTrace },
  listEvents: { GET: listEvents },
  getEvent: { GET: getEvent },
  listConsumerGroups: { GET: listConsumerGroups },
  listStalls: { GET: listStalls },
  listOwners: { GET: listOwners },
  listDialects: { GET: listDialects },
  tryDialects: { POST: tryDialects },
  jobs: { GET: listJobs, POST: createJob },
  cancelJob: { POST: cancelJob },
  getCoverage: { GET: getCoverage },
  getActivity: { GET: getActivity },
  listAudits: { GET: listAudits },
  getFlow: { GET: getFlow },
  getLatency: { GET: getLatency },
  getHealth: { GET: getHealth },
  getMetrics: { GET: getMetrics },
  getLive: { GET: getLive },
  getOpenapi: { GET: getOpenapi },
  unknownPath: { GET: unknownPath },
} as const satisfies Record<string, Resource>;

export type ApiName = keyof typeof RESOURCES;

/** API v1: answers a request to one resource. Never throws, never answers with a stack trace. */
export type Api = (name: ApiName, request: Request) => Promise<Response>;

/** Joins the handlers to what they work with. */
export function createApi(deps: ApiDeps): Api {
  return (name, request) => answer(RESOURCES[name], request, deps);
}
