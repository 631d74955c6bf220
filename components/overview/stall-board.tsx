'use client';

import Link from 'next/link';
import { useNow } from '@/components/live/live-provider.tsx';
import { formatAge } from '@/components/ui/format-duration.ts';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { STALLED_HATCH } from '@/components/ui/hatch.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateTag } from '@/components/ui/state-mark.tsx';
import { useWidth } from '@/components/ui/use-width.ts';
import type { StallList, StallPair } from '@/server/model/stall-wire.ts';
import { RunBook } from './run-book.tsx';
import { inWords } from './sentence-words.ts';
import { stallLine } from './stall-line.ts';
import { groupWords, ownerWords, STALLED_TRACES } from './stall-words.ts';
import { Sentence } from './words.tsx';

/** Rows of the board; the list of traces has the rest. */
const ROWS = 5;
/** px that the other columns, gaps and padding take; on a narrow screen the line has a row of its own. */
const COLUMNS_PX = 400;
const NARROW_PX = 600;
const NARROW_MARGIN_PX = 32;

/** Where flows stop, most traces first. Nothing when nothing stops. */
export function StallBoard({ list }: { list: StallList | null }) {
  const nowMs = useNow();
  const [ref, total] = useWidth<HTMLElement>(1264);
  if (list === null || list.pairs.length === 0) return null;
  const width = Math.max(160, total - (total < NARROW_PX ? NARROW_MARGIN_PX : COLUMNS_PX));
  const hidden = list.pairs.length - ROWS;
  return (
    <>
      <div className="sec">
        <h3>Stalled</h3>
        <span className="el">{hidden > 0 ? `${formatCounted(hidden, 'more step')} not shown` : ''}</span>
        <span className="sp">
          {list.tap_behind > 0 ? (
            <span className="phone-off">{formatCount(list.tap_behind)} not known yet, the tap is behind · </span>
          ) : null}
          <Link className="u" href={STALLED_TRACES}>
            All stalled traces
          </Link>
        </span>
      </div>
      <section ref={ref} aria-label="Where flows stop">
        <div className="bh">
          <span>Flow</span>
          <span>The last step, and what does not come</span>
          <span className="num">Waiting</span>
          <span className="num">Oldest</span>
        </div>
        {list.pairs.slice(0, ROWS).map((pair) => (
          <StallRow
            key={`${pair.step.event_type} ${pair.missing.event_type} ${pair.basis.kind}`}
            pair={pair}
            more={list.more}
            width={width}
            nowMs={nowMs}
          />
        ))}
      </section>
    </>
  );
}

function StallRow({ pair, more, width, nowMs }: { pair: StallPair; more: boolean; width: number; nowMs: number }) {
  const name = pair.basis.flow ?? 'No declared flow';
  const waiting = `${more ? '≥ ' : ''}${formatCount(pair.count)}`;
  const who = [...groupWords(pair), { text: ' ' }, ...ownerWords(pair.whose, pair.step.topic)];
  return (
    <div className="br stop">
      <div className="nm">
        <Link
          className="go el max-w-full"
          href={`/traces/key:${pair.oldest.trace_key}`}
          aria-label={`${name}, stalled, ${waiting} waiting`}
        >
          <span className="b">{name}</span>
        </Link>
        <StateTag kind="stalled" word="Stalled" wash />
      </div>
      <div className="line min-w-0">
        <Line pair={pair} waiting={waiting} width={width} nowMs={nowMs} />
        <p className="t12 f1 who" title={inWords(who)}>
          <Sentence words={who} />
          <RunBook address={pair.whose.owner?.run_book ?? null} />
        </p>
      </div>
      <span className="num st-stalled">
        {waiting}
        <span className="narrow-only"> waiting</span>
      </span>
      <span className="num st-stalled" suppressHydrationWarning>
        {formatAge(nowMs - instantMs(pair.since))}
      </span>
    </div>
  );
}

function Line({ pair, waiting, width, nowMs }: { pair: StallPair; waiting: string; width: number; nowMs: number }) {
  const drawn = stallLine(safeText(pair.step.event_type, 64), safeText(pair.missing.event_type, 64), width);
  const quiet = `quiet since ${formatInstant(instantMs(pair.newest_since), nowMs)}`;
  const service = pair.missing.service === null ? null : safeText(pair.missing.service, 40);
  const quietFits = drawn.endX - drawn.squareX > ((service?.length ?? 0) + quiet.length) * 6.7 + 40;
  return (
    <svg
      className="txt block w-full"
      height="58"
      viewBox={`0 0 ${width} 58`}
      preserveAspectRatio="xMinYMid meet"
      role="img"
      aria-label={safeText(`${pair.step.event_type}, then ${waiting} waiting for ${pair.missing.event_type}, ${quiet}`)}
    >
      <line x1={drawn.stationX} x2={drawn.wallX} y1="30" y2="30" stroke="var(--fg-1)" strokeWidth="2.5" />
      <path d={`M${drawn.wallX} 20v20`} stroke="var(--mk-stalled)" strokeWidth="3" />
      <rect x={drawn.waitX} y="24" width={drawn.waitPx} height="12" fill={STALLED_HATCH} stroke="var(--mk-stalled)" />
      <path
        d={`M${drawn.squareX + 10} 30H${drawn.endX}`}
        stroke="var(--line-3)"
        strokeWidth="1.5"
        strokeDasharray="1.5 5"
      />
      <rect x={drawn.squareX - 5} y="25" width="10" height="10" fill="var(--mk-stalled)" />
      <circle cx={drawn.stationX} cy="30" r="4.5" fill="var(--bg-0)" stroke="var(--fg-0)" strokeWidth="1.6" />
      <text className="stop" x={drawn.waitX + drawn.waitPx / 2} y="14" textAnchor="middle">
        {waiting} waiting
      </text>
      {service === null ? null : (
        <text className="s" x={drawn.missingX} y="14">
          {service}
        </text>
      )}
      {quietFits ? (
        <text x={drawn.endX} y="14" textAnchor="end">
          {quiet}
        </text>
      ) : null}
      <text className="f1" x="0" y="53">
        {drawn.stepLabel}
      </text>
      <text className="stop" x={drawn.missingX} y="53">
        {drawn.missingLabel}
      </text>
    </svg>
  );
}
