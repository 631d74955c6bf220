'use client';

import { useNow } from '@/components/live/live-provider.tsx';
import { formatAge } from './format-duration.ts';
import { formatInstant, instantMs } from './format-instant.ts';

/** A moment: absolute first, relative beside it when asked. Stops counting when nothing new can be known. */
export function Instant({
  at,
  digits = 's',
  relative = false,
}: {
  at: string;
  digits?: 'min' | 's' | 'ms';
  relative?: boolean;
}) {
  const nowMs = useNow();
  const ms = instantMs(at);
  return (
    <time dateTime={at} title={at} className="m" suppressHydrationWarning>
      {formatInstant(ms, nowMs, digits)}
      {relative && Number.isFinite(ms) ? <span className="f2"> {ago(nowMs - ms)}</span> : null}
    </time>
  );
}

function ago(ms: number): string {
  if (Math.abs(ms) < 1000) return 'now';
  return ms > 0 ? `${formatAge(ms)} ago` : `in ${formatAge(-ms)}`;
}
