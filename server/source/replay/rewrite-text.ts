import { createHash } from 'node:crypto';

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const TRACEPARENT = /\b(00)-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})\b/g;
const TIME = /\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?/g;

/**
 * A text of the recording as it reads in one round, which `round` names: every UUID and W3C trace context becomes
 * another one, the same for the same round wherever it stands, and every RFC 3339 time moves by `shiftMs` and keeps its
 * form. Nothing else changes.
 */
export function rewriteText(text: string, round: string, shiftMs: number): string {
  return text
    .replace(UUID, (id) => freshUuid(id, round))
    .replace(
      TRACEPARENT,
      (_, version: string, trace: string, span: string, flags: string) =>
        `${version}-${hex(trace, round, 32)}-${hex(span, round, 16)}-${flags}`,
    )
    .replace(TIME, (whole, day: string, time: string, fraction: string | undefined, zone: string | undefined) =>
      shiftTime(whole, day, time, fraction, zone, shiftMs),
    );
}

/** Keeps the digits that name a UUID's version and variant. */
function freshUuid(id: string, round: string): string {
  const fresh = hex(id.toLowerCase(), round, 32);
  const versioned = `${id[14]}${fresh.slice(13, 16)}-${id[19]}${fresh.slice(17, 20)}`;
  return `${fresh.slice(0, 8)}-${fresh.slice(8, 12)}-${versioned}-${fresh.slice(20, 32)}`;
}

function hex(id: string, round: string, digits: number): string {
  return createHash('sha256').update(`${round}\0${id}`).digest('hex').slice(0, digits);
}

/** Moves whole milliseconds, so digits below them stay as they were, and the zone stays too. */
function shiftTime(
  whole: string,
  day: string,
  time: string,
  fraction: string | undefined,
  zone: string | undefined,
  shiftMs: number,
): string {
  const local = Date.parse(`${day}T${time}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}Z`);
  if (Number.isNaN(local)) return whole;
  const moved = new Date(local + shiftMs).toISOString();
  const digits =
    fraction === undefined ? '' : `.${moved.slice(20, 23)}${fraction.slice(3)}`.slice(0, fraction.length + 1);
  return `${moved.slice(0, 19)}${digits}${zone ?? ''}`;
}
