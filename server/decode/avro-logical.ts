import type { Json } from '../model/json.ts';
import { micros, microsToRfc3339 } from '../model/time.ts';
import { uuidText } from '../model/uuid-text.ts';
import type { AvroLogical } from './avro-schema.ts';

/** Digits of a decimal; beyond that its bytes are shown, as turning them into digits takes the square of their length. */
const MAX_DECIMAL_BYTES = 1024;
const MAX_SCALE = 1000;
/** Where times end: 2255 is as far as microseconds are exact. */
const MAX_MICROS = Number.MAX_SAFE_INTEGER;

/** An integer by its logical type: instants, dates and times of day as ISO 8601 texts, anything else as it is. */
export function logicalInteger(value: number | bigint, logical: AvroLogical | null): Json {
  switch (logical?.name) {
    case 'date':
      return instant(value, 86_400_000_000)?.slice(0, 10) ?? value;
    case 'time-millis':
      return instant(value, 1000)?.slice(11, 23) ?? value;
    case 'time-micros':
      return instant(value, 1)?.slice(11, 26) ?? value;
    case 'timestamp-millis':
      return instant(value, 1000) ?? value;
    case 'timestamp-micros':
      return instant(value, 1) ?? value;
    case 'local-timestamp-millis':
      return instant(value, 1000)?.replace('Z', '') ?? value;
    case 'local-timestamp-micros':
      return instant(value, 1)?.replace('Z', '') ?? value;
    case 'timestamp-nanos':
      return nanos(value) ?? value;
    default:
      return value;
  }
}

/** Bytes by their logical type: decimals as digits, UUIDs as such, anything else as base64. */
export function logicalBytes(bytes: Buffer, logical: AvroLogical | null): Json {
  if (logical?.name === 'decimal') return decimalText(bytes, logical.scale) ?? bytes.toString('base64');
  if (logical?.name === 'uuid' && bytes.length === 16) return uuidText(bytes);
  if (logical?.name === 'duration' && bytes.length === 12) {
    return { months: bytes.readUInt32LE(0), days: bytes.readUInt32LE(4), millis: bytes.readUInt32LE(8) };
  }
  return bytes.toString('base64');
}

/** A big-endian two's complement number of `scale` digits after the point; null beyond our limits. */
function decimalText(bytes: Buffer, scale: number): string | null {
  if (bytes.length > MAX_DECIMAL_BYTES || !Number.isInteger(scale) || scale < 0 || scale > MAX_SCALE) return null;
  if (bytes.length === 0) return null;
  const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

function instant(value: number | bigint, factor: number): string | null {
  const us = Number(value) * factor;
  return Number.isSafeInteger(us) && Math.abs(us) <= MAX_MICROS ? microsToRfc3339(micros(us)) : null;
}

function nanos(value: number | bigint): string | null {
  const whole = BigInt(value);
  const rest = ((whole % 1000n) + 1000n) % 1000n;
  const text = instant((whole - rest) / 1000n, 1);
  return text?.replace('Z', `${String(rest).padStart(3, '0')}Z`) ?? null;
}
