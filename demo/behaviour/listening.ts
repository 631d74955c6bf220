import type { HeardEvent } from '../contracts/heard-event.ts';
import { groupOf, SERVICES } from '../contracts/services.ts';
import { TOPICS } from '../contracts/topics.ts';
import { assess, stamp } from './answer.ts';
import { persist } from './persist.ts';
import type { PlannedEvent, Surroundings } from './planned-event.ts';

/** One consumer group: what it reads and what it does about it. */
export interface Listening {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly react: (heard: HeardEvent, around: Surroundings) => readonly PlannedEvent[];
}

/** The groups of the answering process: two services. */
export const ANSWER_LISTENING: readonly Listening[] = [
  { groupId: groupOf(SERVICES.archonBridge, 'stamp'), topics: [TOPICS.requests], react: stamp },
  {
    groupId: groupOf(SERVICES.archonIntelligence, 'assess'),
    topics: [TOPICS.requests, TOPICS.stamps, TOPICS.assessments, TOPICS.workflows],
    react: assess,
  },
];

/** The group of the persisting process. */
export const PERSIST_LISTENING: readonly Listening[] = [
  {
    groupId: groupOf(SERVICES.omninodeBridge, 'persist'),
    topics: [TOPICS.patterns, TOPICS.workflows],
    react: persist,
  },
];

/** The group that reads replies; what it does about them is the asking process's own. */
export const REPLIES = {
  groupId: groupOf(SERVICES.omniclaude, 'replies'),
  topics: [TOPICS.responses, TOPICS.errors],
} as const;
