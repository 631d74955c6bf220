import { acknowledgeAlert } from './alerts/acknowledge-alert.ts';
import { changeAlertRule, createAlertRule, deleteAlertRule, listAlertRules } from './alerts/alert-rules.ts';
import { getAlert } from './alerts/get-alert.ts';
import { listAlerts } from './alerts/list-alerts.ts';
import { previewRule } from './alerts/preview-rule.ts';
import { resolveQueue } from './alerts/resolve-queue.ts';
import { createSilence, endSilence, listSilences } from './alerts/silences.ts';
import type { Resource } from './api-deps.ts';
import { cancelJob } from './cancel-job.ts';
import { changeReceiver } from './change-receiver.ts';
import { createJob } from './create-job.ts';
import { createReceiver } from './create-receiver.ts';
import { exportViolations } from './export-violations.ts';
import { getActivity } from './get-activity.ts';
import { getCoverage } from './get-coverage.ts';
import { getDeadLetter } from './get-dead-letter.ts';
import { getDeadLetterQueue } from './get-dead-letter-queue.ts';
import { getEvent } from './get-event.ts';
import { getFlow } from './get-flow.ts';
import { getHealth } from './get-health.ts';
import { getLatency } from './get-latency.ts';
import { getLive } from './get-live.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenapi } from './get-openapi.ts';
import { getSchemaSays } from './get-schema-says.ts';
import { getSearch } from './get-search.ts';
import { getTrace } from './get-trace.ts';
import { listAudits } from './list-audits.ts';
import { listConsumerGroups } from './list-consumer-groups.ts';
import { listDeadLetterQueues } from './list-dead-letter-queues.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listDialects } from './list-dialects.ts';
import { listDrift } from './list-drift.ts';
import { listEvents } from './list-events.ts';
import { listJobs } from './list-jobs.ts';
import { listOwners } from './list-owners.ts';
import { listReceivers } from './list-receivers.ts';
import { listSchemas } from './list-schemas.ts';
import { listStalls } from './list-stalls.ts';
import { listTraces } from './list-traces.ts';
import { listViolations } from './list-violations.ts';
import { markDeadLetters } from './mark-dead-letters.ts';
import { removeReceiver } from './remove-receiver.ts';
import { resendDelivery } from './resend-delivery.ts';
import { setViolationState } from './set-violation-state.ts';
import { testReceiver } from './test-receiver.ts';
import { tryDialects } from './try-dialects.ts';

/** Every resource of API v1 by its path below `/api/v1`, with parameters in braces, as the OpenAPI document has it. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  '/traces': { GET: listTraces },
  '/traces/{correlation_id}': { GET: getTrace },
  '/events': { GET: listEvents },
  '/events/{cluster}/{topic}~{n}/{partition}/{offset}': { GET: getEvent },
  '/search': { GET: getSearch },
  '/consumer-groups': { GET: listConsumerGroups },
  '/stalls': { GET: listStalls },
  '/owners': { GET: listOwners },
  '/dialects': { GET: listDialects },
  '/dialects/try': { POST: tryDialects },
  '/jobs': { GET: listJobs, POST: createJob },
  '/jobs/{id}/cancel': { POST: cancelJob },
  '/schemas': { GET: listSchemas },
  '/schemas/{name}/says': { GET: getSchemaSays },
  '/violations': { GET: listViolations },
  '/violations/export': { GET: exportViolations },
  '/drift': { GET: listDrift },
  '/violations/state': { POST: setViolationState },
  '/dead-letters': { GET: listDeadLetterQueues },
  '/dead-letters/{topic}': { GET: getDeadLetterQueue },
  '/dead-letters/records/{cluster}/{topic}~{n}/{partition}/{offset}': { GET: getDeadLetter },
  '/dead-letter-marks': { POST: markDeadLetters },
  '/receivers': { GET: listReceivers, POST: createReceiver },
  '/receivers/{name}': { PUT: changeReceiver, DELETE: removeReceiver },
  '/receivers/{name}/test': { POST: testReceiver },
  '/deliveries': { GET: listDeliveries },
  '/deliveries/{id}/resend': { POST: resendDelivery },
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
