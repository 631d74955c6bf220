import { type EnvelopeFacts, offsetTime } from '../contracts/envelope.ts';
import type { HeardEvent } from '../contracts/heard-event.ts';
import { isJsonObject, type JsonObject } from '../contracts/json.ts';
import { SERVICES } from '../contracts/services.ts';
import { TOPICS } from '../contracts/topics.ts';
import { around as aroundMs, between, uuid } from './chance.ts';
import { conversationFacts, hundredths } from './conversation-facts.ts';
import { deliver, LOOSE, STEADY } from './delivery.ts';
import { type PlannedEvent, plan, type Surroundings } from './planned-event.ts';

/** One workflow in twenty runs at once, without waiting for its own start to come back from the broker. */
const SHARE_INLINE = 0.05;

/** omninode-bridge persists what was applied: it starts a workflow, completes it, and records feedback on the pattern. */
export function persist(heard: HeardEvent, around: Surroundings): readonly PlannedEvent[] {
  switch (heard.type) {
    case 'PATTERN_APPLIED':
      return around.chance.unit() < SHARE_INLINE ? runInline(heard, around) : [startWorkflow(heard, around)];
    case 'workflow-started':
      return completeWorkflow(heard, around);
    case 'workflow-completed':
      return [recordFeedback(heard, around)];
    default:
      return [];
  }
}

function startWorkflow(heard: HeardEvent, around: Surroundings): PlannedEvent {
  const occursInMs = aroundMs(around.chance, 80);
  return deliver(started(heard, around, occursInMs, {}), STEADY, around.chance);
}

/** The outbox of an inline workflow hands its start over last: the completion overtakes it on the wire. */
function runInline(heard: HeardEvent, around: Surroundings): readonly PlannedEvent[] {
  const startInMs = aroundMs(around.chance, 80);
  const tookMs = aroundMs(around.chance, 500);
  const start = started(heard, around, startInMs, { mode: 'inline' });
  const completion = completed(heard, around, startInMs + tookMs, tookMs);
  return [
    { ...start, sendsInMs: completion.sendsInMs + aroundMs(around.chance, 900) },
    deliver(completion, STEADY, around.chance),
  ];
}

function completeWorkflow(heard: HeardEvent, around: Surroundings): readonly PlannedEvent[] {
  const data = heard.payload.workflow_execution_data;
  if (!isJsonObject(data) || isInline(data)) return [];
  const occursInMs = aroundMs(around.chance, 1_000);
  const startedAtMs = typeof data.started_at === 'string' ? Date.parse(data.started_at) : Number.NaN;
  const tookMs = Number.isNaN(startedAtMs) ? occursInMs : Math.max(0, around.nowMs + occursInMs - startedAtMs);
  return [deliver(completed(heard, around, occursInMs, tookMs), STEADY, around.chance)];
}

function isInline(data: JsonObject): boolean {
  return isJsonObject(data.metadata) && data.metadata.mode === 'inline';
}

function started(heard: HeardEvent, around: Surroundings, occursInMs: number, metadata: JsonObject): PlannedEvent {
  const data = {
    correlation_id: heard.correlationId,
    workflow_type: 'data_ingestion',
    current_state: 'PROCESSING',
    namespace: 'omninode.services.metadata',
    started_at: offsetTime(around.nowMs + occursInMs),
    metadata,
  };
  return plan(
    TOPICS.workflows,
    facts(heard, 'workflow-started', { workflow_execution_data: data }),
    occursInMs,
    around,
  );
}

function completed(heard: HeardEvent, around: Surroundings, occursInMs: number, tookMs: number): PlannedEvent {
  const data = {
    correlation_id: heard.correlationId,
    current_state: 'COMPLETED',
    completed_at: offsetTime(around.nowMs + occursInMs),
    execution_time_ms: Math.round(tookMs),
    metadata: { steps: 5 },
  };
  const payload = { workflow_execution_data: data };
  return plan(TOPICS.workflows, facts(heard, 'workflow-completed', payload), occursInMs, around);
}

function recordFeedback(heard: HeardEvent, around: Surroundings): PlannedEvent {
  const occursInMs = aroundMs(around.chance, 600);
  const { pattern, quality } = conversationFacts(heard.correlationId);
  const { chance } = around;
  const payload = {
    feedback_id: uuid(chance),
    pattern_id: pattern.id,
    pattern_name: pattern.name,
    execution_id: null,
    sentiment: quality > 0.7 ? 'positive' : 'neutral',
    feedback_text: '',
    success: true,
    explicit_rating: hundredths(between(chance, 0.6, 1)),
    implicit_signals: { retries: Math.floor(between(chance, 0, 3)) },
    quality_score: quality,
    performance_score: hundredths(between(chance, 0.5, 0.95)),
    quality_rating: Math.round(quality * 50) / 10,
    context: {},
    created_at: offsetTime(around.nowMs + occursInMs),
    created_by: null,
  };
  const event = plan(TOPICS.feedback, facts(heard, 'PATTERN_FEEDBACK_RECORDED', payload), occursInMs, around);
  return deliver(event, LOOSE, chance);
}

function facts(heard: HeardEvent, type: string, payload: JsonObject): Omit<EnvelopeFacts, 'atMs'> {
  return { correlationId: heard.correlationId, type, service: SERVICES.omninodeBridge, payload };
}
