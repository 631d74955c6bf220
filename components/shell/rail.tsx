'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useId, useState } from 'react';
import { useLive, useNow } from '@/components/live/live-provider.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { PAGE_GROUPS, PAGES, pageOf } from './pages.ts';

export function Brand() {
  return (
    <svg viewBox="0 0 24 14" width="24" height="14" aria-hidden="true">
      <path d="M0 7h24" stroke="currentColor" strokeWidth="2" />
      <circle cx="13" cy="7" r="5" fill="var(--bg-1)" stroke="currentColor" strokeWidth="2" />
      <path d="M8 7h10" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}

/** Navigation: the key letter stands where others put an icon. */
export function Rail({ range }: { range: string }) {
  const current = pageOf(usePathname());
  return (
    <nav className="rail" aria-label="Pages">
      <Link className="brand" href="/" aria-label="Throughline, overview">
        <Brand />
        <span>Throughline</span>
      </Link>
      <div className="nav">
        {PAGE_GROUPS.map((group) => (
          <ul key={group[0].key}>
            {group.map((page) => (
              <li key={page.key}>
                <Link
                  href={page.href + range}
                  aria-current={page === current ? 'page' : undefined}
                  aria-label={page.name}
                  title={`g ${page.key}`}
                >
                  <span className="k" aria-hidden="true">
                    {page.key}
                  </span>
                  <span>{page.name}</span>
                </Link>
              </li>
            ))}
          </ul>
        ))}
      </div>
      <RailFoot />
    </nav>
  );
}

function RailFoot() {
  const pulse = useLive().stream.pulse;
  const nowMs = useNow();
  if (pulse === null) return <div className="railfoot">The store does not answer</div>;
  const { tap, settled } = pulse;
  return (
    <div className="railfoot">
      <Link href="/topics?tab=holes">
        <span>
          Tap, {formatCount(tap.up)} of {formatCount(tap.known)} up
        </span>
        <span className="m">
          {tap.up === 0 || tap.behind_s === null
            ? '–'
            : tap.behind_s < 1
              ? 'all read'
              : `${formatDuration(tap.behind_s * 1000)} behind`}
        </span>
      </Link>
      <div>
        <span>Settled to</span>
        <span className="m" suppressHydrationWarning>
          {formatInstant(instantMs(settled.to), nowMs)}
        </span>
      </div>
      <div className="mt-1.5">
        <span>
          <kbd>g</kbd> then a letter
        </span>
        <span>
          <kbd>?</kbd> help
        </span>
      </div>
    </div>
  );
}

/** Tabs there is room for beside "More". */
const TABS = 4;

/** The same pages at the bottom of a narrow screen; those there is no room for are behind "More". */
export function BottomTabs({ range }: { range: string }) {
  const pathname = usePathname();
  const current = pageOf(pathname);
  const [openOn, setOpenOn] = useState<string | null>(null);
  const sheet = useId();
  const open = openOn === pathname;
  const behind = PAGES.slice(TABS);
  const tab = (page: (typeof PAGES)[number]) => (
    <Link
      key={page.key}
      href={page.href + range}
      aria-current={page === current ? 'page' : undefined}
      onClick={() => setOpenOn(null)}
    >
      {page.name}
    </Link>
  );
  return (
    <nav
      className="tabs"
      aria-label="Pages"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        // Else the page goes back or lets go of what is selected too.
        event.preventDefault();
        setOpenOn(null);
      }}
    >
      <div id={sheet} className="tabs-more" hidden={!open}>
        {behind.map(tab)}
      </div>
      {PAGES.slice(0, TABS).map(tab)}
      <button
        type="button"
        aria-expanded={open}
        aria-controls={sheet}
        aria-current={behind.includes(current) ? 'page' : undefined}
        onClick={() => setOpenOn(open ? null : pathname)}
      >
        {behind.includes(current) ? current.name : 'More'}
      </button>
    </nav>
  );
}
