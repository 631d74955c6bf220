import { formatBytes, formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { CoverageSummary } from '@/server/model/wire.ts';

/** How far the first backfill of a named cluster is, and what it takes. */
function BackfillSentence({ backfill }: { backfill: CoverageSummary['tap']['backfill'] }) {
  if (backfill === null) return null;
  const { records, records_left: left, disk_bytes: disk, bytes_per_s: cap } = backfill;
  return (
    <>
      {' '}
      First backfill: <span className="m">{formatCount(left)}</span> of{' '}
      <span className="m">{formatCounted(records, 'record')}</span> left to read
      {cap === null ? null : (
        <>
          , at most <span className="m">{formatBytes(cap)}</span> a second
        </>
      )}
      {disk === null ? (
        '; how much disk it needs is not known yet.'
      ) : (
        <>
          ; it needs up to <span className="m">{formatBytes(Number(disk))}</span> of disk.
        </>
      )}
    </>
  );
}

/** How much of what is known to exist is stored, in one sentence. */
export function StoredVerdict({ coverage }: { coverage: CoverageSummary }) {
  const { totals } = coverage;
  const { topics } = totals;
  const missing = totals.holes.reduce((sum, { records }) => sum + BigInt(records), 0n);
  const share = coverage.stored_share;
  const heard = coverage.tap.up > 0 && coverage.tap.connected;
  return (
    <Verdict
      mark={
        topics === 0 ? 'running' : missing > 0n ? 'unknown' : coverage.tap.lag === '0' && heard ? 'flowing' : 'running'
      }
      sentence={
        topics === 0 || share === null ? (
          'No topic is visible yet'
        ) : (
          <>
            Stored <span className="m">{formatShare(share)}</span> of the offsets known
            {missing > 0n ? (
              <>
                , <span className="m">{formatCount(String(missing))}</span> are missing for good
              </>
            ) : null}
          </>
        )
      }
    >
      <p>
        <span className="m">{formatCounted(totals.stored, 'record')}</span> of{' '}
        <span className="m">{formatCounted(topics, 'topic')}</span> and{' '}
        <span className="m">{formatCounted(totals.partitions, 'partition')}</span>.{' '}
        {coverage.tap.lag === '0'
          ? heard
            ? 'Everything on the brokers is read.'
            : 'Nothing was left to read when the tap was last heard.'
          : `${formatCount(coverage.tap.lag)} records are not read yet.`}
        {totals.expired === '0' ? null : ` ${formatCounted(totals.expired, 'earlier record')} expired.`}
        {totals.payload_expired === '0'
          ? null
          : ` The payloads of ${formatCounted(totals.payload_expired, 'record')} expired.`}
        {totals.damaged === '0'
          ? null
          : ` The bytes of ${formatCounted(totals.damaged, 'stored record')} are damaged or lost.`}
        <BackfillSentence backfill={coverage.tap.backfill} />
        {coverage.tap.unreadable.map(({ topic, reason }) => (
          <span key={topic}>
            {' '}
            <Identifier text={topic} className="m" />: {reason}.
          </span>
        ))}
      </p>
    </Verdict>
  );
}
