'use client';

import { useMemo } from 'react';
import { formatClock } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { StallWire } from '@/server/model/stall-wire.ts';
import type { TraceEvent } from '@/server/model/wire.ts';
import { missingLabel } from './missing-row.ts';
import { outcomeWords } from './outcomes.ts';
import { isViolating } from './schema-marks.ts';
import { waterfall } from './waterfall-geometry.ts';

/** Most rows drawn at once on a narrow screen. */
const ROWS = 300;
const BAR_PX = 282;
const NONE: ReadonlySet<string> = new Set();

/** The trace on a narrow screen: the line turned upright, stations as rows, hop bars beneath. */
export function UprightTimeline({
  events,
  outcomeOf,
  stall,
  selectedId,
  onSelect,
}: {
  events: readonly TraceEvent[];
  outcomeOf: ReadonlyMap<string, TraceEvent>;
  stall: StallWire | null;
  selectedId: string | null;
  onSelect: (event: TraceEvent) => void;
}) {
  const { rows, startMs, scale } = useMemo(() => {
    const drawn = waterfall(events, { width: BAR_PX, trueScale: false, unfolded: NONE, outcomeOf });
    return { ...drawn, rows: [...drawn.rows].sort((a, b) => a.atMs - b.atMs) };
  }, [events, outcomeOf]);
  return (
    <div className="upright" role="listbox" aria-label="Events in order">
      {rows.slice(0, ROWS).map((row, i, shown) => (
        <button
          type="button"
          key={row.event.id}
          aria-selected={row.alike.some(({ id }) => id === selectedId)}
          role="option"
          className={`ev ${shown[i + 1]?.inferred === true ? 'o' : ''} ${i === shown.length - 1 ? 'last' : ''}`}
          onClick={() => onSelect(row.event)}
        >
          <span className="m t">
            {i === 0 ? formatClock(row.atMs) : `+${((row.atMs - startMs) / 1000).toFixed(3)}`}
          </span>
          <span className="c">
            <svg width="12" height="12" viewBox="0 0 12 12" style={{ overflow: 'visible' }} aria-hidden="true">
              <rect
                x="2"
                y="2"
                width="8"
                height="8"
                transform="rotate(45 6 6)"
                fill="var(--bg-0)"
                stroke="var(--fg-0)"
                strokeWidth="1.6"
              />
            </svg>
          </span>
          <span className="d">
            <div>
              <span className="el">
                {isViolating(row.event.schema) ? <StateMark kind="violating" /> : null}{' '}
                <Identifier text={row.event.event_type} className="m f0" />
                {row.event.duplicates.length === 0 ? null : (
                  <span className="m f2"> ×{formatCount(row.event.duplicates.length + 1)}</span>
                )}
              </span>
              <span className="m f1 nw">
                {row.alike.length > 1 ? `${row.alike.length} alike` : row.kind === 'hop' ? row.label : ''}
              </span>
            </div>
            <div className="t12 f2">
              <Identifier text={row.event.service ?? 'service unknown'} className="el" />
              <span className="nw">{row.kind === 'hop' ? (row.inferred ? 'inferred by order' : '') : row.label}</span>
            </div>
            {row.outcome === null ? null : (
              <span className="st-dead t12 block wrap-anywhere">
                <StateMark kind="dead" /> {safeText(outcomeWords(row.outcome))}
              </span>
            )}
            {row.causeX === null ? null : (
              <svg
                className="mt-[3px] block w-full"
                height="8"
                viewBox={`0 0 ${scale.width} 8`}
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <path d={`M0 4H${scale.width}`} stroke="var(--line-1)" />
                <rect
                  x={Math.min(row.causeX, row.x)}
                  y="2"
                  width={Math.max(1, Math.abs(row.x - row.causeX))}
                  height="4"
                  fill="var(--fg-1)"
                  fillOpacity={row.inferred ? 0.5 : 1}
                />
              </svg>
            )}
          </span>
        </button>
      ))}
      {stall === null ? null : (
        <div className="ev last">
          <span className="m t" />
          <span className="c st-stalled">
            <StateMark kind="stalled" />
          </span>
          <span className="d">
            <div>
              <Identifier text={stall.missing.event_type} className="m el st-stalled b" />
            </div>
            <div className="t12 f2">
              <Identifier text={stall.missing.service ?? 'service unknown'} className="el" />
              <span className="st-stalled">{missingLabel(stall)}</span>
            </div>
          </span>
        </div>
      )}
      {rows.length > ROWS ? (
        <p className="note px-4 py-2">The first {ROWS} events are shown; a wider screen shows all.</p>
      ) : null}
    </div>
  );
}
