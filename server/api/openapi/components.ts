import { z } from 'zod';
import { writtenRule } from '../../alerts/rule-schema.ts';
import {
  acknowledgement,
  acknowledgeRequest,
  alert,
  alertDetail,
  alertList,
  alertRule,
  alertRuleList,
  alertTransition,
  queueResolved,
  resolveQueueRequest,
  ruleName,
  rulePreview,
  silence,
  silenceId,
  silenceList,
  silenceRequest,
} from '../schemas/alerts.ts';
import { auditList } from '../schemas/audits.ts';
import { header, payload, problemSchema, searched } from '../schemas/common.ts';
import { consumerGroup, consumerGroupList, consumption } from '../schemas/consumer-groups.ts';
import { activity, coverage, health, lineStretch, partitionCoverage, pulse, tap } from '../schemas/coverage.ts';
import {
  comparison,
  deadLetterDetail,
  deadLetterGroup,
  deadLetterQueue,
  deadLetterQueueDetail,
  deadLetterQueues,
  deadLetterRecord,
  failureWithoutDeadLetter,
  mark,
  markAnswer,
  markRequest,
  queuePartition,
} from '../schemas/dead-letters.ts';
import {
  dialect,
  dialectCount,
  dialectList,
  explanation,
  job,
  jobList,
  jobRequest,
  noBody,
  tryRequest,
} from '../schemas/dialects.ts';
import { drift, driftList } from '../schemas/drift.ts';
import { flow, flowEdge, flowGroup, flowNode } from '../schemas/flow.ts';
import { frame } from '../schemas/frame.ts';
import { hopSplit } from '../schemas/hop-split.ts';
import { latency, latencyRow } from '../schemas/latency.ts';
import { owner, ownerList, whose } from '../schemas/owners.ts';
import {
  attempt,
  delivery,
  deliveryList,
  receiver,
  receiverChange,
  receiverList,
  receiverRequest,
  removed,
} from '../schemas/receivers.ts';
import { searchAnswer, searchResult } from '../schemas/search.ts';
import { stall, stalledTrace, stallGroup, stallList, stallPair } from '../schemas/stalls.ts';
import {
  eventDetail,
  eventList,
  eventSummary,
  station,
  traceDetail,
  traceEvent,
  traceList,
  traceSummary,
} from '../schemas/traces.ts';
import {
  eventSchema,
  schemaCoverage,
  schemaList,
  schemaName,
  schemaSays,
  stateAnswer,
  stateRequest,
  violationError,
  violationEvent,
  violationGroup,
  violationList,
} from '../schemas/violations.ts';

/** The named shapes of the description; each is also what the tests hold real answers against. */
export const COMPONENTS = {
  Problem: problemSchema,
  Payload: payload,
  Header: header,
  Searched: searched,
  Station: station,
  TraceSummary: traceSummary,
  TraceList: traceList,
  TraceEvent: traceEvent,
  TraceDetail: traceDetail,
  SearchResult: searchResult,
  Search: searchAnswer,
  EventSummary: eventSummary,
  EventList: eventList,
  EventDetail: eventDetail,
  Consumption: consumption,
  HopSplit: hopSplit,
  ConsumerGroup: consumerGroup,
  ConsumerGroupList: consumerGroupList,
  Owner: owner,
  Whose: whose,
  OwnerList: ownerList,
  StallGroup: stallGroup,
  Stall: stall,
  StalledTrace: stalledTrace,
  StallPair: stallPair,
  StallList: stallList,
  SchemaName: schemaName,
  EventSchema: eventSchema,
  ViolationError: violationError,
  ViolationGroup: violationGroup,
  ViolationEvent: violationEvent,
  ViolationList: violationList,
  SchemaCoverage: schemaCoverage,
  SchemaList: schemaList,
  SchemaSays: schemaSays,
  ViolationStateRequest: stateRequest,
  ViolationState: stateAnswer,
  Drift: drift,
  DriftList: driftList,
  DeadLetterQueue: deadLetterQueue,
  DeadLetterQueues: deadLetterQueues,
  FailureWithoutDeadLetter: failureWithoutDeadLetter,
  QueuePartition: queuePartition,
  DeadLetterGroup: deadLetterGroup,
  DeadLetterRecord: deadLetterRecord,
  DeadLetterQueueDetail: deadLetterQueueDetail,
  DeadLetterComparison: comparison,
  DeadLetterDetail: deadLetterDetail,
  DeadLetterMark: mark,
  DeadLetterMarkRequest: markRequest,
  DeadLetterMarkAnswer: markAnswer,
  WrittenRule: writtenRule,
  Alert: alert,
  AlertTransition: alertTransition,
  AlertList: alertList,
  AlertDetail: alertDetail,
  AlertRule: alertRule,
  AlertRuleList: alertRuleList,
  AlertRuleName: ruleName,
  RulePreview: rulePreview,
  Acknowledgement: acknowledgement,
  AcknowledgeRequest: acknowledgeRequest,
  Silence: silence,
  SilenceList: silenceList,
  SilenceRequest: silenceRequest,
  SilenceId: silenceId,
  QueueResolved: queueResolved,
  ResolveQueueRequest: resolveQueueRequest,
  DialectCount: dialectCount,
  Dialect: dialect,
  DialectList: dialectList,
  TryRequest: tryRequest,
  Explanation: explanation,
  Job: job,
  AuditList: auditList,
  JobList: jobList,
  JobRequest: jobRequest,
  NoBody: noBody,
  Receiver: receiver,
  ReceiverList: receiverList,
  ReceiverRequest: receiverRequest,
  ReceiverChange: receiverChange,
  ReceiverRemoved: removed,
  DeliveryAttempt: attempt,
  Delivery: delivery,
  DeliveryList: deliveryList,
  PartitionCoverage: partitionCoverage,
  LineStretch: lineStretch,
  Tap: tap,
  Pulse: pulse,
  Coverage: coverage,
  Activity: activity,
  FlowNode: flowNode,
  FlowEdge: flowEdge,
  FlowGroup: flowGroup,
  Flow: flow,
  LatencyRow: latencyRow,
  Latency: latency,
  Health: health,
  Frame: frame,
} as const;

export type ComponentName = keyof typeof COMPONENTS;

/** A reference to a named shape. */
export function refTo(name: ComponentName): { readonly $ref: string } {
  return { $ref: `${PREFIX}${name}` };
}

const PREFIX = '#/components/schemas/';

/** `components.schemas`: JSON Schema 2020-12, the dialect of OpenAPI 3.1. Unknown properties are allowed: the API grows. */
export function componentSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `${PREFIX}${id}`, io: 'input' });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $id, $schema, ...schema }]) => [id, schema]));
}
