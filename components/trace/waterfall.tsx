'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { useWidth } from '@/components/ui/use-width.ts';
import type { StallWire } from '@/server/model/stall-wire.ts';
import type { TraceEvent } from '@/server/model/wire.ts';
import { HopDrawing } from './hop-drawing.tsx';
import { MissingEvent } from './missing-event.tsx';
import { missingRow } from './missing-row.ts';
import { outcomeWords } from './outcomes.ts';
import { checkWords, isViolating } from './schema-marks.ts';
import type { TimeScale } from './time-scale.ts';
import { TreeGuides } from './tree-guides.tsx';
import { ROW_PX, rowInWords, rowOf, rowsInSight, type WaterfallRow, waterfall } from './waterfall-geometry.ts';

/** Width of the tree, the gap to the time area, and its right margin, in px. */
const TREE_PX = 380;
const GAP_PX = 12;
const RIGHT_PX = 76;
const LABEL_ROOM_PX = RIGHT_PX - 8;

interface WaterfallProps {
  readonly events: readonly TraceEvent[];
  readonly outcomeOf: ReadonlyMap<string, TraceEvent>;
  /** Where it stopped, and as of when; null while nothing is missing. */
  readonly stall: { readonly at: StallWire; readonly nowMs: number } | null;
  readonly trueScale: boolean;
  readonly selectedId: string | null;
  /** The row the inspector shows; it has the tab stop. */
  readonly shownId: string | null;
  readonly onSelect: (event: TraceEvent) => void;
}

/** The trace by cause over time: an event is a point, the bar is the hop from its cause. */
export function Waterfall({ events, outcomeOf, stall, trueScale, selectedId, shownId, onSelect }: WaterfallProps) {
  const [box, total] = useWidth<HTMLDivElement>(888);
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [view, setView] = useState({ top: 0, height: 600 });
  const treePx = total < 760 ? Math.round(total * 0.46) : TREE_PX;
  const width = Math.max(80, total - treePx - GAP_PX - RIGHT_PX);
  const drawn = useMemo(
    () =>
      waterfall(events, {
        ...{ width, labelRoom: LABEL_ROOM_PX, trueScale, unfolded, outcomeOf },
        ...(stall !== null && { untilMs: stall.nowMs }),
      }),
    [events, width, trueScale, unfolded, outcomeOf, stall],
  );
  const { rows, scale } = drawn;
  const missing = stall === null ? null : missingRow(stall.at, drawn, stall.nowMs, LABEL_ROOM_PX);
  const height = (rows.length + (missing === null ? 0 : 1)) * ROW_PX;
  const typeOf = useMemo(() => new Map(events.map((event) => [event.id, event.event_type])), [events]);
  const sight = rowsInSight(rows.length, view.top, view.height);
  const inSight = rows.slice(sight.from, sight.to);
  const focusOn = useRef(false);

  const selectedIndex = rowOf(rows, selectedId);
  const shownIndex = rowOf(rows, shownId);
  const move = (by: number) => {
    const at = selectedId === null ? shownIndex : selectedIndex;
    const next = rows[Math.max(0, Math.min(rows.length - 1, selectedId === null ? Math.max(at, 0) : at + by))];
    if (next === undefined) return;
    focusOn.current = true;
    onSelect(next.event);
  };
  const unfold = () => {
    const row = rows[selectedIndex];
    if (row !== undefined && row.alike.length > 1) setUnfolded(new Set([...unfolded, row.event.id]));
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    l: unfold,
    arrowright: unfold,
  });

  useEffect(() => {
    const element = box.current;
    if (element === null || selectedIndex < 0 || !focusOn.current) return;
    focusOn.current = false;
    const top = selectedIndex * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_PX - element.clientHeight;
    element.querySelector<HTMLElement>(`[data-row="${selectedIndex}"]`)?.focus({ preventScroll: true });
  }, [selectedIndex, box]);

  return (
    <>
      <Axis scale={scale} left={treePx + GAP_PX} />
      <div
        ref={box}
        className="wf"
        role="tree"
        aria-label="Events by cause"
        onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
      >
        <div className="relative" style={{ height }}>
          {inSight.map((row) => (
            <Row
              key={row.event.id}
              row={row}
              treePx={treePx}
              selected={row.index === selectedIndex}
              tabbed={row.index === shownIndex}
              words={rowInWords(row, row.event.parent === null ? null : (typeOf.get(row.event.parent.id) ?? null))}
              onSelect={() => onSelect(row.event)}
              onOutcome={onSelect}
              onUnfold={() => setUnfolded(new Set([...unfolded, row.event.id]))}
            />
          ))}
          <TreeGuides rows={inSight} width={treePx + GAP_PX} height={height} />
          <TimeArea rows={inSight} scale={scale} left={treePx + GAP_PX} height={height} />
          {missing === null ? null : (
            <MissingEvent row={missing} treePx={treePx} left={treePx + GAP_PX} width={scale.width} height={height} />
          )}
        </div>
      </div>
    </>
  );
}

function Axis({ scale, left }: { scale: TimeScale; left: number }) {
  return (
    <div className="whead relative h-[30px] flex-none border-b border-rule-1">
      <span className="f2 t12 absolute left-5 top-[7px]">Event, by cause</span>
      <svg
        className="txt absolute top-0"
        style={{ left, overflow: 'visible' }}
        width={scale.width}
        height="30"
        aria-hidden="true"
      >
        {scale.ticks.map((tick) => (
          <text
            key={tick.ms}
            x={tick.x}
            y="19"
            textAnchor={tick.x < 8 ? 'start' : tick.x > scale.width - 20 ? 'end' : 'middle'}
          >
            {tick.ms === 0 ? '0' : tickText(tick.ms)}
          </text>
        ))}
        {scale.folds.map((fold) => (
          <text key={fold.x0} x={(fold.x0 + fold.x1) / 2} y="19" textAnchor="middle" className="f1">
            {formatDuration(fold.toMs - fold.fromMs)}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** A round tick: `1 s` and `2 min`, not `1.00 s` and `2 min 00 s`. */
function tickText(ms: number): string {
  return formatDuration(ms)
    .replace(/(\.\d*?)0+ /, (_, kept: string) => (kept === '.' ? ' ' : `${kept} `))
    .replace(/ 00 \w+$/, '');
}

interface RowProps {
  readonly row: WaterfallRow;
  readonly treePx: number;
  readonly selected: boolean;
  readonly tabbed: boolean;
  readonly words: string;
  readonly onSelect: () => void;
  /** Goes to the dead letter that became of the event. */
  readonly onOutcome: (letter: TraceEvent) => void;
  readonly onUnfold: () => void;
}

function Row({ row, treePx, selected, tabbed, words, onSelect, onOutcome, onUnfold }: RowProps) {
  const { event, outcome } = row;
  const copies = event.duplicates.length + 1;
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-label={safeText(words)}
      tabIndex={tabbed ? 0 : -1}
      data-row={row.index}
      data-event={event.id}
      className={`wr ${row.critical ? 'crit' : ''}`}
      style={{ top: row.index * ROW_PX }}
      onClick={onSelect}
      onKeyDown={(press) => press.key === 'Enter' && onSelect()}
    >
      <div className="wt" style={{ paddingLeft: row.indent, width: treePx }}>
        {event.reason === null ? null : <StateMark kind={event.reason === 'uncorrelated' ? 'unknown' : 'violating'} />}
        {isViolating(event.schema) ? (
          <span role="img" aria-label="Violation" title={safeText(checkWords(event.schema), 500)}>
            <StateMark kind="violating" />
          </span>
        ) : null}
        {row.beyond > 0 ? <span className="m f2">+{row.beyond}</span> : null}
        <Identifier text={event.event_type} className="m el" />
        {copies > 1 ? (
          <span className="m f2" title={`${formatCount(copies)} copies of this record`}>
            ×{formatCount(copies)}
          </span>
        ) : null}
        {outcome === null ? null : (
          <button
            type="button"
            className="st-dead t12 nw u flex-none"
            tabIndex={-1}
            title={safeText(outcomeWords(outcome))}
            onClick={(press) => {
              press.stopPropagation();
              onOutcome(outcome);
            }}
          >
            <StateMark kind="dead" /> dead-lettered
          </button>
        )}
        {row.alike.length > 1 ? (
          <button
            type="button"
            className="m f2 x"
            tabIndex={-1}
            onClick={(press) => {
              press.stopPropagation();
              onUnfold();
            }}
          >
            {formatCount(row.alike.length)} alike
          </button>
        ) : null}
        <Identifier text={event.service ?? 'service unknown'} className="f2 t12 el sv" />
      </div>
    </div>
  );
}

function TimeArea({
  rows,
  scale,
  left,
  height,
}: {
  rows: readonly WaterfallRow[];
  scale: TimeScale;
  left: number;
  height: number;
}) {
  return (
    <svg
      className="txt pointer-events-none absolute top-0"
      style={{ left, overflow: 'visible' }}
      width={scale.width}
      height={height}
      aria-hidden="true"
    >
      {scale.ticks.map((tick) => (
        <line key={tick.ms} x1={tick.x} x2={tick.x} y1="0" y2={height} stroke="var(--line-1)" />
      ))}
      {scale.folds.map((fold) => (
        <g key={fold.x0}>
          <rect x={fold.x0} width={fold.x1 - fold.x0} y="0" height={height} fill="var(--fg-0)" fillOpacity=".035" />
          <path d={`M${fold.x0} 0V${height}M${fold.x1} 0V${height}`} stroke="var(--line-3)" strokeDasharray="2 3" />
        </g>
      ))}
      {rows.map((row) => (
        <HopDrawing key={row.event.id} row={row} />
      ))}
    </svg>
  );
}
