'use client';

import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { Instant } from '@/components/ui/instant.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { WatchWire } from '@/server/model/consumer-group-wire.ts';

/** When groups were looked at last, how often they are, and what could not be read. */
export function WatchNote({ watch }: { watch: WatchWire }) {
  const bad = watch.failure !== null || watch.failed.length > 0;
  if (watch.sampled_at === null && !bad) return null;
  return (
    <div className={`note-bar ${bad ? 'bad' : ''}`} role="status">
      {bad ? <StateMark kind="unknown" /> : null}
      <span>
        {watch.sampled_at === null ? null : (
          <>
            Looked at <Instant at={watch.sampled_at} relative />
            {watch.resolution_s === null ? '. ' : `, every ${formatDuration(watch.resolution_s * 1000)}. `}
          </>
        )}
        {watch.failure === null ? null : `${watch.failure} `}
        {watch.failed.map(({ reason, count }) => (
          <span key={reason}>
            {formatCounted(count, 'group or topic', 'groups or topics')} could not be read: {reason}{' '}
          </span>
        ))}
      </span>
    </div>
  );
}
