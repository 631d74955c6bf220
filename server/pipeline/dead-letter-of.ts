import { readDeadLetter } from '../dead-letter/read-dead-letter.ts';
import type { DeadLetterFacts } from '../model/dead-letter.ts';
import type { SourceRecord } from '../model/record.ts';
import type { ReadValue } from './read-value.ts';

/** What a dead letter says of the failure and of its original; null for every other record, mirrors too. */
export function deadLetterOf(
  record: SourceRecord,
  topic: string,
  { decoded, envelope }: ReadValue,
): DeadLetterFacts | null {
  if (!envelope.flags.includes('dead_letter')) return null;
  const body = decoded.kind === 'value' ? decoded.value : undefined;
  return readDeadLetter({ topic, body, bytes: record.value?.length ?? 0, headers: record.headers });
}
