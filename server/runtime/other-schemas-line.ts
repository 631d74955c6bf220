import type { OtherSchemas } from '../ports/violations.ts';

/** What the log says at start of events that were held against other schemas; null when there are none. */
export function otherSchemasLine({ events, unreachable }: OtherSchemas): string | null {
  if (events <= 0n) return null;
  const count = events.toLocaleString('en');
  const all = events === 1n ? '1 stored event was' : `${count} stored events were`;
  const said = `${all} held against other schemas than those in force`;
  if (unreachable >= events) return `${said}, and stay so: the payload has expired.`;
  const how = 'POST /api/v1/jobs with {"kind":"re-validate"} holds them against these';
  if (unreachable <= 0n) return `${said}. ${how}.`;
  return `${said}. ${how}, but for ${unreachable.toLocaleString('en')} whose payload has expired.`;
}
