import { decodeExactly } from '../decode/exact-numbers.ts';
import { HeaderSlots } from '../envelope/header-slots.ts';
import type { SourceRecord } from '../model/record.ts';
import type { TopicName } from '../model/topic-name.ts';
import { type ChosenSchemas, checkChosen, type EventCheck } from '../schema/check-event.ts';
import type { EventFacts, WireSchema } from '../schema/choose-schema.ts';
import { STATING_HEADERS, statedSchema } from '../schema/stated-schema.ts';
import type { CheckedBody } from '../schema/validate-value.ts';
import type { ReadValue } from './read-value.ts';

/** A record as its schemas look at it. */
export interface CheckableRecord {
  readonly facts: EventFacts;
  readonly checked: CheckedBody;
}

/** What came of it once numbers that could decide were read digit by digit. */
export type RecordCheck = Exclude<EventCheck, { status: 'needs exact numbers' }>;

/** The headers that say which schema an event follows, of one record at a time. */
const stating = new HeaderSlots();
const statingSlots = new Map(STATING_HEADERS.map((name) => [name, stating.slotOf(name)]));
const statingText = (name: string): string | null => stating.text(statingSlots.get(name) ?? -1) ?? null;

/**
 * What of a record says which schema it follows, and its body; null where its value could not be read. `wire` is the schema
 * of a registry that its bytes name.
 */
export function checkableRecord(
  record: SourceRecord,
  topic: TopicName,
  read: ReadValue,
  wire: WireSchema | null = null,
): CheckableRecord | null {
  const { decoded, envelope } = read;
  if (decoded.kind !== 'value') return null;
  stating.load(record);
  const { reference, version } = statedSchema(decoded.value, statingText);
  return {
    facts: {
      reference,
      version,
      wire,
      eventType: envelope.eventType ?? topic.name,
      topic,
      dialect: envelope.resolution.dialect,
    },
    checked: {
      body: decoded.value,
      bytes: record.value?.length ?? 0,
      // What a registry's schema is for is read exactly at once; plain JSON only where a number decides.
      exact: decoded.format !== 'json',
    },
  };
}

/** The body read digit by digit; null when it cannot be. */
function exactBody({ value }: SourceRecord, { checked }: CheckableRecord): CheckedBody | null {
  const body = value === null ? undefined : decodeExactly(value);
  return body === undefined ? null : { ...checked, body, exact: true };
}

/** Holds a record that was read against the schemas chosen for it. Never throws. */
export function checkRecord(record: SourceRecord, checkable: CheckableRecord, chosen: ChosenSchemas): RecordCheck {
  const check = checkChosen(chosen, checkable.checked);
  if (check.status !== 'needs exact numbers') return check;
  const exact = exactBody(record, checkable);
  const again = exact === null ? check : checkChosen(chosen, exact);
  return again.status === 'needs exact numbers'
    ? { status: 'unchecked', why: 'a number in it is too large to be decided on' }
    : again;
}
