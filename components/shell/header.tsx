'use client';

import Link from 'next/link';
import { useParams, usePathname } from 'next/navigation';
import { useLive } from '@/components/live/live-provider.tsx';
import { idFromSegments } from '@/components/trace/trace-path.ts';
import { formatCounted, formatShare } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { LiveSwitch } from './live-switch.tsx';
import { pageOf } from './pages.ts';
import { Brand } from './rail.tsx';
import { RangeControl } from './range-control.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

export function Header({ onFind, onCopy }: { onFind: () => void; onCopy: (text: string) => void }) {
  const pathname = usePathname();
  const { id } = useParams<{ id?: string[] }>();
  const trace = pathname.startsWith('/traces/') && Array.isArray(id) ? idFromSegments(id) : null;
  const pulse = useLive().stream.pulse;
  return (
    <header className="bar">
      <Link className="markonly" href="/" aria-label="Overview">
        <Brand />
      </Link>
      <h1>{trace === null ? pageOf(pathname).name : 'Trace'}</h1>
      <div className="cl">
        {trace === null ? null : (
          <>
            <Identifier text={trace} className="m f0 el" />
            <button type="button" className="ctl ghost copy" style={{ padding: '0 4px' }} onClick={() => onCopy(trace)}>
              Copy
            </button>
          </>
        )}
        <span className="m cluster el" title="Cluster">
          {pulse?.cluster?.name ?? ''}
        </span>
      </div>
      <button
        type="button"
        className="field find"
        onClick={onFind}
        aria-label="Find trace, record or page"
        aria-keyshortcuts="Meta+K Control+K"
      >
        <span>Find trace, record, page</span>
        <kbd>⌘K</kbd>
      </button>
      <RangeControl />
      <LiveSwitch />
      {pulse?.stored_share == null ? null : (
        <Link
          className="ctl ghost stored"
          href="/topics?tab=holes"
          title="Share of the offsets known to exist that is stored"
        >
          <span>Stored</span>
          <span className="m">{formatShare(pulse.stored_share)}</span>
          {pulse.holes === 0 ? null : <span className="f2">{formatCounted(pulse.holes, 'hole')}</span>}
        </Link>
      )}
      <ThemeToggle />
    </header>
  );
}
