import { between, chanceOf, oneOf } from './chance.ts';

/** A piece of software somebody asks for. */
interface Project {
  readonly title: string;
  readonly overview: string;
  readonly categories: readonly [string, string];
}

const PROJECTS: readonly [Project, ...Project[]] = [
  project('Invoice reminder', 'Send a reminder mail for invoices overdue by 14 days.', 'billing', 'notification'),
  project('User management', 'Create, disable and list users with their roles.', 'identity', 'crud'),
  project('Stock level watch', 'Raise an order when an item falls below its minimum.', 'inventory', 'monitoring'),
  project('Address check', 'Validate postal addresses before an order is accepted.', 'orders', 'validation'),
  project('Refund approval', 'Route refunds above 200 EUR to a second pair of eyes.', 'billing', 'approval'),
  project('Parcel tracking', 'Follow parcels of three carriers and merge their states.', 'shipping', 'integration'),
  project('Report export', 'Write the monthly figures as CSV to object storage.', 'reporting', 'batch'),
  project('Password reset', 'Issue one-time links that expire after 30 minutes.', 'identity', 'security'),
  project('Price import', 'Load supplier price lists and flag jumps above 20 %.', 'catalog', 'import'),
  project('Chat archive', 'Keep support chats searchable for two years.', 'support', 'storage'),
  project('Rate limiter', 'Limit requests per tenant with a sliding window.', 'gateway', 'resilience'),
  project('Newsletter consent', 'Record consent with time, source and wording.', 'marketing', 'compliance'),
];

const PATTERNS: readonly [Pattern, ...Pattern[]] = [
  { id: '68af5f46-7dab-500c-9dd0-132dec989a39', name: 'retry-with-backoff' },
  { id: '0f5d2c5a-64a5-5d0b-9a86-5b3c0a6a7d11', name: 'circuit-breaker' },
  { id: 'b7c1f0de-0d0c-5a0e-8b3b-7f7a3a6f2e52', name: 'transactional-outbox' },
  { id: '2e9d7c34-55b0-5f3e-9c5a-1d8f6b0e4c93', name: 'idempotent-consumer' },
];

/** A known way to solve a problem, which the ecosystem applies to generated code. */
interface Pattern {
  readonly id: string;
  readonly name: string;
}

/** What every service agrees on about one conversation. Scores are 0..1 with two decimals. */
export interface ConversationFacts {
  readonly title: string;
  readonly overview: string;
  readonly categories: readonly [string, string];
  readonly className: string;
  readonly sourcePath: string;
  readonly quality: number;
  readonly compliance: number;
  readonly pattern: Pattern;
}

/** Code below this quality is refused: the conversation ends with an error. */
export const LOWEST_QUALITY = 0.5;

/** One conversation in twelve is about code too poor to accept. */
const SHARE_POOR = 1 / 12;

/**
 * The facts of a conversation, drawn from its correlation id alone: services that never share memory still tell the same
 * story, as they would by reading the generated code.
 */
export function conversationFacts(correlationId: string): ConversationFacts {
  const chance = chanceOf(correlationId);
  const chosen = oneOf(chance, PROJECTS);
  const words = chosen.title.toLowerCase().split(' ');
  const poor = chance.unit() < SHARE_POOR;
  return {
    ...chosen,
    className: `Node${words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')}Effect`,
    sourcePath: `src/nodes/${words.join('_')}/node.py`,
    quality: hundredths(poor ? between(chance, 0.2, LOWEST_QUALITY - 0.01) : between(chance, 0.62, 0.98)),
    compliance: hundredths(between(chance, 0.7, 0.99)),
    pattern: oneOf(chance, PATTERNS),
  };
}

/** A score with two decimals. */
export function hundredths(score: number): number {
  return Math.round(score * 100) / 100;
}

function project(title: string, overview: string, ...categories: [string, string]): Project {
  return { title, overview, categories };
}
