import type { DeadLetterFilter } from '../../ports/dead-letters.ts';
import type { Parameters } from '../read/parameters.ts';
import { nameId } from '../read/trace-conditions.ts';
import { storableText } from '../storable-text.ts';

const LONGEST_NAME = 249;

/** The groups of some queues that a filter asks for, as conditions on `dead_letter_group g`. */
export function groupConditions(
  filter: DeadLetterFilter,
  { incarnationIds, workspaceId }: { readonly incarnationIds: readonly number[]; readonly workspaceId: number },
  params: Parameters,
): string[] {
  const conditions = [`g.incarnation_id = any(${params.add(incarnationIds)}::int[])`];
  const { reason, errorClass, originalTopic, service, eventType, without } = filter;
  const workspace = params.add(workspaceId);
  const text = (value: string) => params.add(storableText(value, LONGEST_NAME));
  if (reason !== undefined) conditions.push(`g.reason_key = ${params.add(reason)}::uuid`);
  if (errorClass !== undefined) conditions.push(`g.error_class = ${text(errorClass)}`);
  if (originalTopic !== undefined) conditions.push(`g.original_topic = ${text(originalTopic)}`);
  if (service !== undefined) conditions.push(`g.service_id = ${nameId(workspace, 'service', service, params)}`);
  if (eventType !== undefined) conditions.push(`g.type_id = ${nameId(workspace, 'event type', eventType, params)}`);
  if (without === 'error_class') conditions.push(`g.error_class = ''`);
  if (without === 'original_topic') conditions.push(`g.original_topic = ''`);
  if (without === 'service') conditions.push('g.service_id = 0');
  // PostgreSQL must be told the type of a parameter that nothing else uses.
  return [...conditions, `${workspace}::int is not null`];
}
