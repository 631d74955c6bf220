'use client';

import { useSearchParams } from 'next/navigation';
import { useLive, useNow } from '@/components/live/live-provider.tsx';
import { formatAge } from '@/components/ui/format-duration.ts';
import { formatClock } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import { useSeconds } from './use-seconds.ts';

/** Live, paused, or silent. Space toggles. */
export function LiveSwitch() {
  const { stream, pause, resume } = useLive();
  const nowMs = useNow();
  const params = useSearchParams();
  const silentS = useSeconds(stream.stale, stream.heardAtMs);
  if (stream.paused !== null)
    return (
      <button type="button" className="ctl on" onClick={resume} title="Space resumes" aria-pressed="true">
        Paused <span className="m">{formatClock(nowMs)}</span>
        {stream.paused.newer > 0 ? <span className="m phone-off">{formatCount(stream.paused.newer)} newer</span> : null}
      </button>
    );
  if (stream.stale)
    return (
      <span className="ctl" role="status">
        <StateMark kind="stalled" />
        No updates{silentS === null ? '' : ` for ${formatAge(silentS * 1000)}`}
      </span>
    );
  if (!resolveRange(params.get('from'), params.get('to'), nowMs).live) return <span className="ctl">Fixed</span>;
  return (
    <button type="button" className="ctl" onClick={pause} title="Space pauses" aria-pressed="false">
      <span className="livehead" />
      Live
    </button>
  );
}
