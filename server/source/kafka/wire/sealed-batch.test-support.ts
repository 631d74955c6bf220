import { crc32c } from '@node-rs/crc32';

const CHECKSUM_AT = 17;
const COVERED_FROM = 21;

/** Writes the checksum of a record batch that a test has put together into it, and hands it back. */
export function sealBatch(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(COVERED_FROM)), CHECKSUM_AT);
  return batch;
}
