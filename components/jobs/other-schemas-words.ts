import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { SchemaList } from '@/server/model/violation-wire.ts';
import { reachOf } from './job-words.ts';

/** What waits for a job that holds stored events against the schemas in force; null for nothing. */
export function otherSchemasSentence({ events, unreachable }: SchemaList['other_schemas']): string | null {
  if (events === '0') return null;
  const judged = `${formatCounted(events, 'stored event was', 'stored events were')} judged by other schemas than those in force`;
  if (unreachable === '0') return `${judged}; all of them can be held against these.`;
  const reach = reachOf(events, unreachable);
  if (reach === '0') return `${judged} and stay so: the payload has expired.`;
  return `${judged}; ${formatCount(reach)} of them can be held against these, ${formatCount(unreachable)} stay so: the payload has expired.`;
}
