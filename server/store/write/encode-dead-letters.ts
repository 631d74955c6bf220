import {
  DEAD_LETTER_FAMILIES,
  DEAD_LETTER_PROBLEMS,
  type DeadLetterFacts,
  type OriginalPlace,
} from '../../model/dead-letter.ts';
import type { PreparedEvent } from '../../model/event.ts';
import type { Micros } from '../../model/time.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { bitsOf, ORIGINAL_STATES } from '../codes.ts';
import { CopyBinary } from '../copy-binary.ts';
import type { TableRows } from '../copy-in.ts';
import { dayNumber } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import { type LetterGroup, type LetterGroupOf, LONGEST } from './dead-letter-groups.ts';

const COLUMNS = `"offset", recorded_at, stored_at, failed_at, trace_key, event_key, group_key, original_offset, original_at,
  look_at, stored_day, incarnation_id, partition, original_partition, retry_count, problems, family, original_state, reason,
  consumer_group, failed_in`;

/** The rows of dead letters that go with some batches; most have none. An original that is named is looked for at once. */
export function encodeDeadLetters(
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  { letterGroupOf }: { readonly letterGroupOf: LetterGroupOf },
): TableRows {
  const copy = new CopyBinary();
  for (const { events, storedAt } of batches) {
    for (const event of events) {
      const { deadLetter } = event;
      const group = letterGroupOf(event);
      if (deadLetter !== null && group !== null) encodeRow(copy, event, { deadLetter, storedAt, group });
    }
  }
  return { table: 'dead_letter', columns: COLUMNS, copy };
}

interface Letter {
  readonly deadLetter: DeadLetterFacts;
  readonly storedAt: Micros;
  readonly group: LetterGroup;
}

function encodeRow(copy: CopyBinary, event: PreparedEvent, { deadLetter, storedAt, group }: Letter): void {
  const { original } = deadLetter;
  const named = isNamed(original);
  copy.row(21).int8(event.offset).timestamptz(event.recordedAt).timestamptz(storedAt);
  orNull(copy, deadLetter.failedAt, (at) => copy.timestamptz(at));
  copy.uuid(event.traceKey);
  orNull(copy, event.eventKey, (key) => copy.uuid(key));
  copy.uuid(group.key);
  orNull(copy, original.offset, (offset) => copy.int8(offset));
  orNull(copy, original.timestamp, (at) => copy.timestamptz(at));
  orNull(copy, named ? storedAt : null, (at) => copy.timestamptz(at));
  copy.date(dayNumber(storedAt)).int4(event.incarnationId).int4(event.partition);
  orNull(copy, original.partition, (partition) => copy.int4(partition));
  orNull(copy, deadLetter.retryCount, (count) => copy.int4(count));
  copy.int4(bitsOf(DEAD_LETTER_PROBLEMS, deadLetter.problems)).int2(DEAD_LETTER_FAMILIES[deadLetter.family]);
  copy.int2(ORIGINAL_STATES[named ? 'waiting' : 'not named']);
  orNull(copy, deadLetter.reason, (text) => copy.text(storableText(text, LONGEST.reason)));
  orNull(copy, deadLetter.consumerGroup, (text) => copy.text(storableText(text, LONGEST.name)));
  orNull(copy, deadLetter.failedIn, (text) => copy.text(storableText(text, LONGEST.name)));
}

/** It says where its event stood. */
function isNamed({ topic, partition, offset }: OriginalPlace): boolean {
  return topic !== null && partition !== null && offset !== null;
}

function orNull<T>(copy: CopyBinary, value: T | null, write: (value: T) => void): void {
  if (value === null) copy.null();
  else write(value);
}
