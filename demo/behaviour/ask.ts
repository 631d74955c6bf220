import { SERVICES } from '../contracts/services.ts';
import { TOPICS } from '../contracts/topics.ts';
import { between, type Chance, uuid } from './chance.ts';
import { conversationFacts } from './conversation-facts.ts';
import { deliver, STEADY } from './delivery.ts';
import { type PlannedEvent, plan, type Surroundings } from './planned-event.ts';

/** Opens a conversation: omniclaude asks for code. */
export function askForCode(around: Surroundings): PlannedEvent {
  const correlationId = uuid(around.chance);
  const { title, overview } = conversationFacts(correlationId);
  const payload = {
    prd_content: `# ${title}\n\n## Overview\n${overview}`,
    workspace_context: { project_type: 'microservice', language: 'python', framework: 'omninode' },
  };
  const facts = { correlationId, type: 'CODEGEN_REQUESTED', service: SERVICES.omniclaude, payload };
  return deliver(plan(TOPICS.requests, facts, 0, around), STEADY, around.chance);
}

/**
 * Asks for a validation the way omniclaude built the request in October 2025: the code is called `code`, where the
 * answering service reads `code_content`. The two never agreed, so the answer is always an error.
 */
export function askForValidationWrongly(around: Surroundings): PlannedEvent {
  const correlationId = uuid(around.chance);
  const { className, title } = conversationFacts(correlationId);
  const payload = {
    code: `class ${className}:\n    pass\n`,
    contract: {},
    node_type: 'effect',
    microservice_name: title.toLowerCase().replaceAll(' ', '_'),
  };
  const facts = { correlationId, type: 'CODEGEN_VALIDATE_REQUESTED', service: SERVICES.omniclaude, payload };
  return deliver(plan(TOPICS.requests, facts, 0, around), STEADY, around.chance);
}

/** Milliseconds until the next conversation: the given rate on average, with jitter so that several overlap. */
export function untilNextAskMs(perMinute: number, chance: Chance): number {
  return Math.round((60_000 / perMinute) * between(chance, 0.5, 1.5));
}
