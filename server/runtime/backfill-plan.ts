import type { BackfillState } from '../ports/process-store.ts';
import type { RecordSink } from '../ports/source.ts';

type Survey = Parameters<RecordSink['backfill']>[0];

/**
 * Disk that a byte on the brokers can take here, conservatively. Stored raw JSON events of 650 B take 0.35 of their
 * uncompressed size, all tables and indexes of the ingest included. Brokers mostly keep them compressed, to about a
 * quarter: 0.35 / 0.25 = 1.4, and the rest is for traces, hops and the write-ahead log.
 */
const DISK_PER_BROKER_BYTE = 2n;

/** What is kept of a survey; `startedAt` is when the first one of this process was told. */
export function backfillState({ records, bytes, bytesFrom, bytesPerS }: Survey, startedAt: string): BackfillState {
  return {
    records: records.toString(),
    bytes: bytes?.toString() ?? null,
    bytes_from: bytesFrom,
    disk_bytes: bytes === null ? null : (bytes * DISK_PER_BROKER_BYTE).toString(),
    started_at: startedAt,
    bytes_per_s: bytesPerS,
  };
}

/** The same in words, for the log. */
export function backfillLine(state: BackfillState): string {
  const records = `First backfill: ${grouped(state.records)} records to read`;
  const cap =
    state.bytes_per_s === null
      ? 'no cap on its rate (TAP_BACKFILL_BYTES_PER_S)'
      : `at most ${binary(BigInt(state.bytes_per_s))} a second (TAP_BACKFILL_BYTES_PER_S)`;
  if (state.bytes === null || state.disk_bytes === null) {
    return (
      `${records}, ${cap}. The brokers do not say how many bytes that is: the tap may not Describe the cluster. ` +
      'It is estimated once some of it is read.'
    );
  }
  const source = state.bytes_from === 'sample' ? ', as estimated from the first of them' : ' on the brokers';
  const disk = binary(BigInt(state.disk_bytes));
  return `${records}, ${binary(BigInt(state.bytes))}${source}, ${cap}. It needs up to ${disk} of disk in PostgreSQL.`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

function binary(bytes: bigint): string {
  let value = Number(bytes);
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
