'use client';

import type { Edge, EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { FlowState } from '@/server/model/flow-wire.ts';
import { isFinding, markInk } from './flow-state.ts';
import type { LineGeometry } from './line-geometry.ts';
import { dotSeconds } from './line-look.ts';
import { useDots, useLineLook } from './map-context.tsx';

export type LineEdge = Edge<{ readonly drawn: LineGeometry; readonly bundle: string | null }, 'line'>;

/** A line of the map: as wide as its rate, in the ink of its state, with what moves on it. */
const Line = memo(function Line({ id, data, selected }: EdgeProps<LineEdge>) {
  const look = useLineLook(id);
  const dots = useDots(id);
  if (data === undefined) return null;
  const { drawn, bundle } = data;
  if (bundle === null) return <path d={drawn.d} fill="none" stroke="var(--line-3)" strokeWidth="2" />;
  const state = look?.state ?? 'unknown';
  const [ink, width] = [markInk(state), look?.width ?? 1.5];
  return (
    <>
      {selected ? <path d={drawn.d} fill="none" stroke="var(--fg-0)" strokeWidth={width + 6} opacity="0.16" /> : null}
      <path d={drawn.d} fill="none" stroke={ink} strokeWidth={width} strokeDasharray={look?.dash ?? undefined} />
      <path className="hit" d={drawn.d} fill="none" stroke="transparent" strokeWidth={Math.max(18, width + 8)} />
      {look === undefined || state === 'unknown' ? null : <Motion drawn={drawn} dots={dots} width={width} />}
      {state === 'stalled' ? <Stop drawn={drawn} /> : null}
      {look === undefined ? null : (
        <g className={`lbl ${isFinding(state) || selected ? 'always' : ''}`}>
          <g className="now">
            <Label at={drawn.label} words={look.label} state={state} />
          </g>
          {look.p95 === '' || isFinding(state) ? null : (
            <g className="times">
              <Label at={drawn.label} words={look.p95} state={state} />
            </g>
          )}
        </g>
      )}
    </>
  );
});

/** Dots at one speed while events are known to come; where they may not move, or nothing is live, an arrow. */
function Motion({ drawn, dots, width }: { drawn: LineGeometry; dots: number; width: number }) {
  const seconds = dotSeconds(drawn.length);
  const { x, y, turn } = drawn.arrow;
  return (
    <>
      <g className={dots > 0 ? 'dots' : 'none'}>
        {Array.from({ length: dots }, (_, index) => `${index}`).map((key, index) => (
          <circle
            key={key}
            r={Math.min(2.6, 1.2 + width / 4)}
            fill="var(--fg-0)"
            style={{
              offsetPath: `path("${drawn.d}")`,
              animationDuration: `${seconds}s`,
              animationDelay: `${(-seconds * index) / dots}s`,
            }}
          />
        ))}
      </g>
      <path
        className={dots > 0 ? 'arrow spare' : 'arrow'}
        d="M-3 -3.5L1.5 0L-3 3.5"
        transform={`translate(${x} ${y}) rotate(${turn})`}
        fill="none"
        stroke="var(--fg-0)"
        strokeWidth="1.4"
      />
    </>
  );
}

/** A wall and what waits before it. */
function Stop({ drawn: { middle } }: { drawn: LineGeometry }) {
  return (
    <g transform={`translate(${middle.x - 13} ${middle.y - 13})`}>
      <rect width="26" height="26" fill="var(--bg-0)" />
      <rect x="5" y="3" width="16" height="20" fill="url(#hatch-stalled)" stroke="var(--mk-stalled)" />
      <rect x="22" width="3.5" height="26" fill="var(--mk-stalled)" />
    </g>
  );
}

/** px of a character of 11 px mono. */
const CHARACTER_PX = 6.5;

function Label({ at, words, state }: { at: LineGeometry['label']; words: string; state: FlowState }) {
  const finding = isFinding(state);
  const width = words.length * CHARACTER_PX + (finding ? 18 : 6);
  return (
    <g transform={`translate(${at.x} ${at.y})`}>
      <g className="fit">
        <g transform={`translate(${{ start: 0, middle: -width / 2, end: -width }[at.anchor]} -12)`}>
          <rect width={width} height="16" fill="var(--bg-0)" />
          {finding ? (
            <svg x="2" y="3.5" width="9" height="9" aria-hidden="true">
              <StateMark kind={state} />
            </svg>
          ) : null}
          <text className={finding ? `st-${state}` : ''} x={finding ? 14 : 3} y="12">
            {words}
          </text>
        </g>
      </g>
    </g>
  );
}

export const LINE_TYPES = { line: Line } as const;
