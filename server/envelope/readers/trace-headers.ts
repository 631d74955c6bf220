import { idKey } from '../../model/trace-key.ts';
import { padHex } from './hex-id.ts';

/** A part of a `traceparent`: version, trace id, span id, flags (W3C Trace Context). */
export function w3cPart(text: string, part: 1 | 2): string | null {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})(?:-[0-9a-f]{2}(?:-.*)?)?$/i.exec(text.slice(0, 200).trim());
  return match?.[part] ?? null;
}

/** A part of the single `b3` header: `{trace}-{span}[-{sampled}[-{parent}]]` (openzipkin/b3-propagation). */
export function b3Part(text: string, part: 0 | 1 | 3): string | null {
  const parts = text.slice(0, 100).trim().split('-');
  return parts.length < 2 ? null : padHex(parts[part], part === 0 ? 32 : 16);
}

/** A part of `uber-trace-id`: `{trace}:{span}:{parent}:{flags}`, leading zeros left out, its colons maybe as `%3A`. */
export function jaegerPart(text: string, part: 0 | 1 | 2): string | null {
  const parts = text.slice(0, 120).trim().split(/:|%3A/i);
  return parts.length === 4 ? padHex(parts[part], part === 0 ? 32 : 16) : null;
}

const ELASTIC_BYTES = 29;

/** Elastic's Kafka header is W3C's text, or its binary form: version, then trace id, span id and flags behind a 0, 1, 2. */
export function elasticText(bytes: Buffer): string {
  if (bytes.length !== ELASTIC_BYTES || bytes[0] !== 0 || bytes[1] !== 0 || bytes[18] !== 1)
    return bytes.toString('utf8');
  return `00-${bytes.toString('hex', 2, 18)}-${bytes.toString('hex', 19, 27)}-01`;
}

/**
 * SkyWalking's `sw8`: eight fields parted by dashes, the texts in base64. Its trace ids are no hex digits as a rule, so
 * they are made 32 of them the way ids are made keys.
 */
export function skywalkingTraceId(text: string): string | null {
  const id = skywalkingField(text, 1);
  if (id === null) return null;
  return /^[0-9a-f]{32}$/i.test(id) ? id.toLowerCase() : idKey(id).replaceAll('-', '');
}

/** The service that sent the record. */
export function skywalkingService(text: string): string | null {
  return skywalkingField(text, 4);
}

function skywalkingField(text: string, field: number): string | null {
  const fields = text.slice(0, 4096).trim().split('-');
  const field64 = fields[field];
  if (fields.length !== 8 || field64 === undefined || field64 === '') return null;
  const plain = Buffer.from(field64, 'base64').toString('utf8');
  return plain === '' ? null : plain;
}
