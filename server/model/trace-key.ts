import { hash } from 'node:crypto';

/**
 * What an id is, before it becomes a key. `correlation`: the event's own correlation id. `trace`: a W3C trace id, where
 * an event has nothing else. `record`: the record id of an event that belongs to no trace. Codes are stored.
 */
export const ID_KINDS = { correlation: 1, trace: 2, record: 3 } as const;

export type IdKind = keyof typeof ID_KINDS;

/** A UUID in lower case, whatever its version; null for any other text. Asked of three ids of every event. */
function foldUuid(text: string): string | null {
  if (text.length !== 36) return null;
  let capitals = false;
  for (let place = 0; place < 36; place += 1) {
    const code = text.charCodeAt(place);
    if (place === 8 || place === 13 || place === 18 || place === 23) {
      if (code !== DASH) return null;
    } else if (code >= 0x41 && code <= 0x46) capitals = true;
    else if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return null;
  }
  return capitals ? text.toLowerCase() : text;
}

const DASH = 0x2d;

/** The form in which ids are compared: a UUID in lower case, anything else as it is. */
export function foldId(text: string): string {
  return foldUuid(text) ?? text;
}

/** True for two texts that name the same id. */
export function isSameId(a: string, b: string): boolean {
  if (a === b) return true;
  // Nearly all are told apart by their first character; in hexadecimal, bit 0x20 is the case of a letter.
  if (a.length !== b.length || (a.charCodeAt(0) | 0x20) !== (b.charCodeAt(0) | 0x20)) return false;
  return foldId(a) === foldId(b);
}

/**
 * The key of a trace: the first 16 bytes of SHA-256(workspace ‖ id kind ‖ folded id), zero bytes between, written as a
 * UUID. A pure function of one record, so every process and every arrival order agrees. 32 hex digits of it are the
 * OTLP trace id.
 */
export function traceKey(workspaceId: number, kind: IdKind, id: string): string {
  return hashToUuid(`${workspaceId}\0${kind}\0${foldId(id)}`);
}

/** An event or causation id as 16 bytes: the UUID itself in lower case, else the first 16 bytes of its SHA-256. */
export function idKey(id: string): string {
  return foldUuid(id) ?? hashToUuid(id);
}

function hashToUuid(text: string): string {
  const hex = hash('sha256', text, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** A trace key as the API writes it: 32 hex digits without dashes. */
export function traceKeyToHex(key: string): string {
  return key.replaceAll('-', '');
}

/** 32 hex digits back to the UUID form of a trace key; null for any other text. */
export function traceKeyFromHex(hex: string): string | null {
  if (!/^[0-9a-f]{32}$/i.test(hex)) return null;
  const low = hex.toLowerCase();
  return `${low.slice(0, 8)}-${low.slice(8, 12)}-${low.slice(12, 16)}-${low.slice(16, 20)}-${low.slice(20)}`;
}
