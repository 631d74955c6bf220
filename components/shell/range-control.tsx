'use client';

import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { useRef } from 'react';
import { useNow } from '@/components/live/live-provider.tsx';
import { formatSpan } from '@/components/ui/format-duration.ts';
import { DEFAULT_FROM, RANGE_PRESETS, rangeText, relativeMs, resolveRange } from '@/components/ui/time-range.ts';

/** The time range, written in the URL as `?from=-60m&to=now`. */
export function RangeControl() {
  const params = useSearchParams();
  const pathname = usePathname();
  const nowMs = useNow();
  const menu = useRef<HTMLDetailsElement>(null);
  const range = resolveRange(params.get('from'), params.get('to'), nowMs);
  const close = () => menu.current?.removeAttribute('open');
  return (
    <details
      ref={menu}
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || menu.current?.open !== true) return;
        // Else the page goes back or lets go of what is selected too.
        event.preventDefault();
        close();
      }}
    >
      <summary className="ctl list-none" aria-label={`Time range: ${range.label}`}>
        {range.label}
        <span className="m abs" suppressHydrationWarning>
          {rangeText(range, nowMs)}
        </span>
      </summary>
      <div className="menu">
        {RANGE_PRESETS.map((preset) => (
          <Link
            key={preset}
            href={`${pathname}?${withRange(params, preset)}`}
            aria-current={(params.get('from') ?? DEFAULT_FROM) === preset ? 'true' : undefined}
            onClick={close}
          >
            Last {formatSpan(relativeMs(preset) ?? 0)}
          </Link>
        ))}
      </div>
    </details>
  );
}

function withRange(params: URLSearchParams, from: string): string {
  const next = new URLSearchParams(params);
  next.set('from', from);
  next.set('to', 'now');
  next.delete('cursor');
  return next.toString();
}
