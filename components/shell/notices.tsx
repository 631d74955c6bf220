'use client';

import { usePathname } from 'next/navigation';
import { useLive, useNow } from '@/components/live/live-provider.tsx';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';

/** What is wrong, with addresses, and what to do about it: a few sentences. */
const MESSAGE_LIMIT = 1_000;

/** What every page must say about its data: a recording, a broker that is away, a tap that is not running. */
export function Notices() {
  const pulse = useLive().stream.pulse;
  const nowMs = useNow();
  // The overview says it in its verdict.
  const said = usePathname() === '/';
  if (pulse === null) return null;
  const { tap } = pulse;
  const since = tap.since === null ? '' : ` Since ${formatInstant(instantMs(tap.since), nowMs)}.`;
  return (
    <>
      {pulse.cluster?.source === 'replay' ? (
        <div className="note-bar">
          <span className="b f0">Replay of recorded events</span>
          <span className="phone-off">No Kafka is connected; these records went through the same pipeline.</span>
        </div>
      ) : null}
      {!said && tap.up > 0 && !tap.connected ? (
        <div className="note-bar bad" role="status">
          <StateMark kind="stalled" />
          <span>
            Not connected: {safeText(tap.message ?? 'the tap reaches no broker', MESSAGE_LIMIT).replace(/\.$/, '')}.
            {since} What is stored stays readable.
          </span>
        </div>
      ) : null}
      {!said && tap.up === 0 && tap.known > 0 ? (
        <div className="note-bar bad" role="status">
          <StateMark kind="stalled" />
          <span>Not connected: no tap is running. What is stored stays readable.</span>
        </div>
      ) : null}
    </>
  );
}
