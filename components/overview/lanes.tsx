'use client';

import { formatClock, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount, formatRate } from '@/components/ui/format-number.ts';
import { HATCH } from '@/components/ui/hatch.tsx';
import { useWidth } from '@/components/ui/use-width.ts';
import type { ActivityWire, CoverageSummary } from '@/server/model/wire.ts';
import { type Lane, type LaneBar, type LaneBox, type LaneField, lane, stretchPx } from './lane-geometry.ts';

const LANES: readonly {
  readonly field: LaneField;
  readonly name: string;
  readonly ink: string;
  readonly as: 'line' | 'bars';
}[] = [
  { field: 'stored', name: 'Records stored', ink: 'var(--fg-0)', as: 'line' },
  { field: 'traces', name: 'Traces started', ink: 'var(--fg-0)', as: 'line' },
  { field: 'undecodable', name: 'Undecodable', ink: 'var(--mk-violating)', as: 'bars' },
  { field: 'uncorrelated', name: 'Uncorrelated', ink: 'var(--fg-2)', as: 'bars' },
];

const LANE_PX = 32;

/** The range side by side: one lane a count over one time axis. */
export function Lanes({ activity, coverage }: { activity: ActivityWire; coverage: CoverageSummary | null }) {
  const [ref, width] = useWidth<HTMLDivElement>(700);
  const box: LaneBox = { width, height: LANE_PX, fromMs: instantMs(activity.from), toMs: instantMs(activity.to) };
  const stretches = (coverage?.line ?? []).filter((stretch) => stretch.kind !== 'stored');
  // Without coverage nobody can say that a minute without a row was heard.
  const unheard =
    coverage === null
      ? [{ from: activity.from, to: activity.to, kind: 'unheard' as const, why: null }]
      : stretches.filter((stretch) => stretch.kind === 'unheard');
  const ticks = [0, 1 / 3, 2 / 3, 1].map((share) => box.fromMs + share * (box.toMs - box.fromMs));
  return (
    <div className="px-5 pt-0.5 max-[599px]:px-4">
      {LANES.map(({ field, name, ink, as }) => {
        const drawn = lane(activity, field, box, unheard);
        const summary = `${name}: ${formatCount(drawn.total)} in this range, at most ${formatCount(drawn.peak)} a step`;
        return (
          <div className="lane" key={field}>
            <div className="ln">
              {name}
              <br />
              <span className="m b f0">{drawn.perMinute === null ? '–' : formatRate(drawn.perMinute)}</span>{' '}
              <span className="m f2">/min</span>
            </div>
            <div className="lp" ref={field === 'stored' ? ref : undefined}>
              <svg
                className="block w-full"
                height={LANE_PX + 6}
                viewBox={`0 -3 ${width} ${LANE_PX + 6}`}
                preserveAspectRatio="none"
                role="img"
                aria-label={summary}
              >
                {stretches.map((stretch) => (
                  <Gap
                    key={`${stretch.kind}${stretch.from}`}
                    {...stretchPx(stretch, box)}
                    hatched={stretch.kind === 'hole'}
                  />
                ))}
                {as === 'line' ? <Steps drawn={drawn} ink={ink} /> : <Bars drawn={drawn} ink={ink} />}
              </svg>
            </div>
          </div>
        );
      })}
      <div className="lane" style={{ height: 24 }}>
        <span />
        <div className="m f2 t11 flex justify-between">
          {ticks.map((ms) => (
            <span key={ms}>{formatClock(ms, 'min')}</span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Level steps; the one that has not ended is dotted. */
function Steps({ drawn, ink }: { drawn: Lane; ink: string }) {
  return (
    <>
      <path d={drawn.path} fill="none" stroke={ink} strokeWidth="1.4" />
      <path d={drawn.openPath} fill="none" stroke={ink} strokeWidth="1.4" strokeDasharray="1.5 2.5" />
      {drawn.bars.map((bar) => (
        <rect key={bar.at} x={bar.x} y="0" width={bar.width} height={LANE_PX} fill="transparent">
          <title>{barInWords(bar)}</title>
        </rect>
      ))}
    </>
  );
}

/** Bars on the base line that stands wherever zero is known; the bar that has not ended is an outline. */
function Bars({ drawn, ink }: { drawn: Lane; ink: string }) {
  return (
    <>
      <path d={drawn.basePath} fill="none" stroke="var(--line-3)" strokeWidth="1" />
      {drawn.bars.map((bar) => (
        <rect
          key={bar.at}
          x={bar.open ? bar.x + 0.5 : bar.x}
          y={LANE_PX - bar.height}
          width={bar.open ? Math.max(1, bar.width - 1) : bar.width}
          height={bar.height}
          fill={bar.open ? 'none' : ink}
          stroke={bar.open ? ink : 'none'}
          strokeDasharray="1.5 2"
        >
          <title>{barInWords(bar)}</title>
        </rect>
      ))}
    </>
  );
}

function barInWords(bar: LaneBar): string {
  return `${formatCount(bar.count)} at ${formatClock(instantMs(bar.at), 'min')} UTC${bar.open ? ' so far' : ''}`;
}

function Gap({ x, width, hatched }: { x: number; width: number; hatched: boolean }) {
  if (width <= 0 && !hatched) return null;
  return hatched ? (
    <rect x={x} y="-3" width={Math.max(4, width)} height={LANE_PX + 6} fill={HATCH} />
  ) : (
    <line
      x1={x}
      x2={x + width}
      y1={LANE_PX}
      y2={LANE_PX}
      stroke="var(--line-3)"
      strokeWidth="1.5"
      strokeDasharray="1.5 4"
    />
  );
}
