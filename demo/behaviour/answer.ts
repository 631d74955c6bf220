import { type EnvelopeFacts, offsetTime, reportEnvelope } from '../contracts/envelope.ts';
import type { HeardEvent } from '../contracts/heard-event.ts';
import type { JsonObject } from '../contracts/json.ts';
import { SERVICES } from '../contracts/services.ts';
import { TOPICS } from '../contracts/topics.ts';
import { around as aroundMs, between, uuid } from './chance.ts';
import { conversationFacts, hundredths, LOWEST_QUALITY } from './conversation-facts.ts';
import { deliver, STEADY } from './delivery.ts';
import { type PlannedEvent, plan, type Surroundings } from './planned-event.ts';

/** archon-bridge stamps the code that was asked for. */
export function stamp(heard: HeardEvent, around: Surroundings): readonly PlannedEvent[] {
  if (heard.type !== 'CODEGEN_REQUESTED') return [];
  const occursInMs = aroundMs(around.chance, 900);
  const facts = {
    ...factsOf(heard, 'METADATA_STAMP_CREATED', stampPayload(heard, around)),
    service: SERVICES.archonBridge,
  };
  const body = reportEnvelope({ ...facts, atMs: around.nowMs + occursInMs });
  return [deliver({ ...plan(TOPICS.stamps, facts, occursInMs, around), body, eventId: null }, STEADY, around.chance)];
}

/** archon-intelligence assesses what was stamped, applies a pattern to good code, refuses poor code, and answers. */
export function assess(heard: HeardEvent, around: Surroundings): readonly PlannedEvent[] {
  switch (heard.type) {
    case 'CODEGEN_VALIDATE_REQUESTED':
      return validate(heard, around);
    case 'METADATA_STAMP_CREATED':
      return [answer(TOPICS.assessments, 'CODE_ASSESSMENT_COMPLETED', 650, assessmentPayload(heard, around))];
    case 'CODE_ASSESSMENT_COMPLETED':
      return poor(heard)
        ? [answer(TOPICS.errors, 'CODEGEN_FAILED', 400, failure('Code quality below 0.5', 'QUALITY_TOO_LOW', around))]
        : [answer(TOPICS.patterns, 'PATTERN_APPLIED', 220, patternPayload(heard, around))];
    case 'workflow-completed':
      return [answer(TOPICS.responses, 'CODEGEN_COMPLETED', 1_100, responsePayload(heard))];
    default:
      return [];
  }

  function answer(topic: string, type: string, middleMs: number, payload: JsonObject): PlannedEvent {
    const event = plan(topic, factsOf(heard, type, payload), aroundMs(around.chance, middleMs), around);
    return deliver(event, STEADY, around.chance);
  }
}

function validate(heard: HeardEvent, around: Surroundings): readonly PlannedEvent[] {
  if (typeof heard.payload.code_content === 'string') return [];
  const payload = failure('Missing code_content in request', 'HANDLER_ERROR', around);
  const event = plan(TOPICS.errors, factsOf(heard, 'CODEGEN_FAILED', payload), aroundMs(around.chance, 60), around);
  return [deliver(event, STEADY, around.chance)];
}

function poor(heard: HeardEvent): boolean {
  const score = heard.payload.quality_score;
  return typeof score === 'number' && score < LOWEST_QUALITY;
}

function factsOf(heard: HeardEvent, type: string, payload: JsonObject): Omit<EnvelopeFacts, 'atMs'> {
  return { correlationId: heard.correlationId, type, service: SERVICES.archonIntelligence, payload };
}

function stampPayload(heard: HeardEvent, { chance }: Surroundings): JsonObject {
  const facts = conversationFacts(heard.correlationId);
  return {
    file_hash: (uuid(chance) + uuid(chance)).replaceAll('-', ''),
    namespace: 'omninode.services.metadata',
    stamped_content: `# omninode: stamped\nclass ${facts.className}: ...\n`,
    stamp_metadata: {
      quality_score: facts.quality,
      onex_compliance_score: facts.compliance,
      patterns_detected: ['effect-node', facts.pattern.name],
      categories: facts.categories,
    },
  };
}

function assessmentPayload(heard: HeardEvent, { chance }: Surroundings): JsonObject {
  const facts = conversationFacts(heard.correlationId);
  return {
    source_path: facts.sourcePath,
    quality_score: facts.quality,
    architectural_compliance: facts.compliance,
    complexity_score: hundredths(between(chance, 0.2, 0.7)),
    maintainability_score: hundredths(between(chance, 0.5, 0.95)),
    patterns_count: 2,
    issues_count: Math.floor(between(chance, 0, 4)),
    recommendations_count: Math.floor(between(chance, 1, 5)),
    processing_time_ms: Math.round(between(chance, 900, 6_200)) / 10,
    cache_hit: chance.unit() < 0.6,
  };
}

function patternPayload(heard: HeardEvent, { chance }: Surroundings): JsonObject {
  const { pattern, sourcePath } = conversationFacts(heard.correlationId);
  return {
    pattern_id: pattern.id,
    pattern_name: pattern.name,
    target_path: sourcePath,
    confidence: hundredths(between(chance, 0.7, 0.97)),
    applied: true,
  };
}

function responsePayload(heard: HeardEvent): JsonObject {
  const { quality, compliance } = conversationFacts(heard.correlationId);
  return {
    quality_score: quality,
    onex_compliance_score: compliance,
    violations: [],
    warnings: ['missing docstring on execute_effect'],
    suggestions: ['add a timeout to the client'],
    is_valid: true,
    architectural_era: 'modern_onex',
    details: {
      relevance_score: 0.81,
      legacy_indicators: [],
      omnibase_violations: [],
      node_type: 'effect',
      validator_source: 'ComprehensiveONEXScorer + omnibase_core',
    },
  };
}

/** Errors carry the field set of successes; only `is_valid` and `details` tell them apart. */
function failure(error: string, code: string, { nowMs }: Surroundings): JsonObject {
  return {
    quality_score: 0,
    onex_compliance_score: 0,
    violations: [`Handler error: ${error}`],
    warnings: [],
    suggestions: [],
    is_valid: false,
    architectural_era: 'unknown',
    details: { error, error_code: code, timestamp: offsetTime(nowMs) },
  };
}
