import { hash } from 'node:crypto';

/**
 * First 8 bytes of a value's SHA-256 as a signed 64-bit integer: tells a duplicate from a conflict. 0 for a null value,
 * which no hash stands for in practice.
 */
export function bodyHash(value: Buffer | null): bigint {
  // As text: a Buffer of the digest costs more than the digest.
  return value === null ? 0n : BigInt.asIntN(64, BigInt(`0x${hash('sha256', value, 'hex').slice(0, 16)}`));
}
