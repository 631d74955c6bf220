'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { LiveProvider, useLive } from '@/components/live/live-provider.tsx';
import type { Loaded } from '@/components/live/loaded.ts';
import { HatchDefs } from '@/components/ui/hatch.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { ThroughLine } from '@/components/ui/through-line.tsx';
import { useCopy } from '@/components/ui/use-copy.ts';
import type { CoverageSummary, Pulse } from '@/server/model/wire.ts';
import { CoverageProvider, useCoverage } from './coverage-provider.tsx';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { Notices } from './notices.tsx';
import { PAGES } from './pages.ts';
import { Palette } from './palette.tsx';
import { BottomTabs, Rail } from './rail.tsx';
import { keepCookie } from './theme-toggle.tsx';

interface ShellProps {
  readonly pulse: Pulse | null;
  readonly coverage: Loaded<CoverageSummary>;
  readonly nowMs: number;
  readonly folded: boolean;
  readonly children: ReactNode;
}

/** What surrounds every page: rail, header, through line, keys. */
export function Shell({ pulse, coverage, nowMs, folded, children }: ShellProps) {
  return (
    <LiveProvider pulse={pulse} nowMs={nowMs}>
      <CoverageProvider initial={coverage}>
        <Frame folded={folded}>{children}</Frame>
      </CoverageProvider>
    </LiveProvider>
  );
}

const BRIGHT_MS = 1500;
const NO_KEYS = {};

function Frame({ folded: foldedFirst, children }: { folded: boolean; children: ReactNode }) {
  const [folded, setFolded] = useState(foldedFirst);
  const [toast, copy] = useCopy();
  const palette = useRef<HTMLDialogElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const { stream, pause, resume } = useLive();
  const range = useRange();
  const lit = useGoKeys(range);
  useKeys({
    ' ': () => (stream.paused === null ? pause() : resume()),
    '[': () => {
      setFolded(!folded);
      keepCookie('rail', folded ? 'open' : 'folded');
    },
    '?': () => help.current?.showModal(),
    'mod+k': () => (palette.current?.open ? palette.current.close() : palette.current?.showModal()),
    y: () => copy(location.href, 'Link'),
  });
  const [listening, setListening] = useState(false);
  useEffect(() => setListening(true), []);
  return (
    <div className={`app ${folded ? 'folded' : ''} ${lit ? 'lit' : ''}`} data-keys={listening ? 'on' : 'off'}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <HatchDefs />
      <Rail range={range} />
      <div className="main">
        <Header onFind={() => palette.current?.showModal()} onCopy={(text) => copy(text, 'Id')} />
        <Line />
        <Notices />
        <main id="main" className="body" tabIndex={-1}>
          {children}
        </main>
      </div>
      <BottomTabs range={range} />
      <Palette dialog={palette} />
      <Help dialog={help} />
      <div role="status" className="absolute">
        {toast === null ? null : <div className="toast">{toast}</div>}
      </div>
    </div>
  );
}

function Line() {
  const { stream } = useLive();
  const coverage = useCoverage().data.value;
  if (coverage === null) return <div className="tline" />;
  const tap = stream.pulse?.tap;
  const running = stream.paused === null && !stream.stale && tap?.connected === true && tap.up > 0;
  return <ThroughLine line={coverage.line} from={coverage.range.from} to={coverage.range.to} running={running} />;
}

/** The range of the URL as a query that other pages are opened with; empty for the default. */
function useRange(): string {
  const params = useSearchParams();
  const [from, to] = [params.get('from'), params.get('to')];
  return from === null ? '' : `?${new URLSearchParams({ from, to: to ?? 'now' })}`;
}

/** `g` and a letter goes to a page; the letters are bright meanwhile. */
function useGoKeys(range: string): boolean {
  const router = useRouter();
  const pathname = usePathname();
  const [lit, setLit] = useState(false);
  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(false), BRIGHT_MS);
    return () => clearTimeout(timer);
  }, [lit]);
  const go = Object.fromEntries(
    PAGES.map((page) => [
      page.key,
      () => {
        setLit(false);
        if (pathname !== page.href) router.push(page.href + range);
      },
    ]),
  );
  useKeys({ g: () => setLit(true) });
  // The letter after `g` is a page, also where it does something else on this one.
  useKeys(lit ? go : NO_KEYS, true);
  return lit;
}
