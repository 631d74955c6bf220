import { decodeExactly } from '../decode/exact-numbers.ts';
import { MOST_HEADERS } from '../envelope/header-slots.ts';
import { headerText } from '../envelope/readers/header-text.ts';
import type { SourceRecord } from '../model/record.ts';
import type { TopicName } from '../model/topic-name.ts';
import { type ChosenSchemas, checkChosen, type EventCheck } from '../schema/check-event.ts';
import type { EventFacts, WireSchema } from '../schema/choose-schema.ts';
import { statedSchema } from '../schema/stated-schema.ts';
import type { CheckedBody } from '../schema/validate-value.ts';
import type { ReadValue } from './read-value.ts';

/** A record as its schemas look at it. */
export interface CheckableRecord {
  readonly facts: EventFacts;
  readonly checked: CheckedBody;
}

/** What came of it once numbers that could decide were read digit by digit. */
export type RecordCheck = Exclude<EventCheck, { status: 'needs exact numbers' }>;

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
  const { reference, version } = statedSchema(decoded.value, (name) => firstHeader(record, name));
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

/** The text of the first header of that name, in any case; null without one. */
function firstHeader({ headers }: SourceRecord, name: string): string | null {
  const most = Math.min(headers.length, MOST_HEADERS);
  for (let at = 0; at < most; at += 1) {
    const header = headers[at];
    if (header === undefined || header.name.length !== name.length) continue;
    if (header.name.toString('latin1').toLowerCase() !== name) continue;
    return header.value === null ? null : (headerText(header.value, 0, header.value.length) ?? null);
  }
  return null;
}
