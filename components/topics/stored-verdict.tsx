import { formatBytes, formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { Coverage } from '@/server/model/wire.ts';

/** How far the first backfill of a named cluster is, and what it takes. */
function BackfillSentence({ backfill }: { backfill: Coverage['tap']['backfill'] }) {
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
export function StoredVerdict({ coverage }: { coverage: Coverage }) {
  const live = coverage.partitions.filter((partition) => !partition.gone);
  const topics = new Set(live.map((partition) => partition.topic)).size;
  const missing = coverage.partitions
    .flatMap((partition) => partition.holes)
    .reduce((sum, hole) => sum + BigInt(hole.to) - BigInt(hole.from), 0n);
  const share = coverage.stored_share;
  const heard = coverage.tap.up > 0 && coverage.tap.connected;
  return (
    <section className="verdict">
      <div>
        <h2>
          <StateMark
            kind={
              topics === 0
                ? 'running'
                : missing > 0n
                  ? 'unknown'
                  : coverage.tap.lag === '0' && heard
                    ? 'flowing'
                    : 'running'
            }
          />
          <span>
            {topics === 0 || share === null ? (
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
            )}
          </span>
        </h2>
        <p>
          <span className="m">{formatCounted(coverage.totals.stored, 'record')}</span> of{' '}
          <span className="m">{formatCounted(topics, 'topic')}</span> and{' '}
          <span className="m">{formatCounted(live.length, 'partition')}</span>.{' '}
          {coverage.tap.lag === '0'
            ? heard
              ? 'Everything on the brokers is read.'
              : 'Nothing was left to read when the tap was last heard.'
            : `${formatCount(coverage.tap.lag)} records are not read yet.`}
          <BackfillSentence backfill={coverage.tap.backfill} />
          {coverage.tap.unreadable.map(({ topic, reason }) => (
            <span key={topic}>
              {' '}
              <Identifier text={topic} className="m" />: {reason}.
            </span>
          ))}
        </p>
      </div>
    </section>
  );
}
