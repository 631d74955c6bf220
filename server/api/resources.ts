import { acknowledgeAlert } from './alerts/acknowledge-alert.ts';
import { changeAlertRule, createAlertRule, deleteAlertRule, listAlertRules } from './alerts/alert-rules.ts';
import { getAlert } from './alerts/get-alert.ts';
import { listAlerts } from './alerts/list-alerts.ts';
import { previewRule } from './alerts/preview-rule.ts';
import { resolveQueue } from './alerts/resolve-queue.ts';
import { createSilence, endSilence, listSilences } from './alerts/silences.ts';
import type { Resource } from './api-deps.ts';
import { cancelJob } from './cancel-job.ts';
import { createJob } from './create-job.ts';
import { exportViolations } from './export-violations.ts';
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
import { listSchemas } from './list-schemas.ts';
import { listStalls } from './list-stalls.ts';
import { listTraces } from './list-traces.ts';
import { listViolations } from './list-violations.ts';
import { setViolationState } from './set-violation-state.ts';
import { tryDialects } from './try-dialects.ts';

/** Every resource of API v1 by its path below `/api/v1`, with parameters in braces, as the OpenAPI document has it. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  '/traces': { GET: listTraces },
  '/traces/{correlation_id}': { GET: getTrace },
  '/events': { GET: listEvents },
  '/events/{cluster}/{topic}~{n}/{partition}/{offset}': { GET: getEvent },
  '/consumer-groups': { GET: listConsumerGroups },
  '/stalls': { GET: listStalls },
  '/owners': { GET: listOwners },
  '/dialects': { GET: listDialects },
  '/dialects/try': { POST: tryDialects },
  '/jobs': { GET: listJobs, POST: createJob },
  '/jobs/{id}/cancel': { POST: cancelJob },
  '/schemas': { GET: listSchemas },
  '/violations': { GET: listViolations },
  '/violations/export': { GET: exportViolations },
  '/violations/state': { POST: setViolationState },
  '/alerts': { GET: listAlerts },
  '/alerts/queue-resolved': { POST: resolveQueue },
  '/alerts/{fingerprint}': { GET: getAlert },
  '/alerts/{fingerprint}/acknowledge': { POST: acknowledgeAlert },
  '/alert-rules': { GET: listAlertRules, POST: createAlertRule },
  '/alert-rules/preview': { POST: previewRule },
  '/alert-rules/{name}': { PUT: changeAlertRule, DELETE: deleteAlertRule },
  '/silences': { GET: listSilences, POST: createSilence },
  '/silences/{id}': { DELETE: endSilence },
  '/coverage': { GET: getCoverage },
  '/activity': { GET: getActivity },
  '/audits': { GET: listAudits },
  '/flow': { GET: getFlow },
  '/latency': { GET: getLatency },
  '/health': { GET: getHealth },
  '/metrics': { GET: getMetrics },
  '/live': { GET: getLive },
  '/openapi.json': { GET: getOpenapi },
};
