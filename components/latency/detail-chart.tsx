'use client';

import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { type ChartLine, TimeChart } from '@/components/ui/chart.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatClock, formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { useWidth } from '@/components/ui/use-width.ts';
import type { LatencyAnswer, LatencyRow } from '@/server/model/latency-wire.ts';
import { type ChartPoint, chartPoints, timeTicks, valueTicks } from './chart-points.ts';
import { percentile, percentileRange, SUBJECT_WORDS } from './latency-words.ts';
import { overObjectiveMs } from './over-objective.ts';

const CHART_HEIGHT = 240;

const LINES: readonly ChartLine<ChartPoint>[] = [
  { key: 'p99', value: (point) => point.p99, ink: 'var(--fg-2)', width: 1.2, dash: '1.5 3', label: 'p99' },
  { key: 'p50', value: (point) => point.p50, ink: 'var(--fg-2)', width: 1.2, label: 'p50' },
  { key: 'p50 open', value: (point) => point.p50Open, ink: 'var(--fg-2)', width: 1.2, dash: '1 3' },
  { key: 'p95 open', value: (point) => point.p95Open, ink: 'var(--fg-0)', width: 2, dash: '1.5 3', limited: true },
  { key: 'p95', value: (point) => point.p95, ink: 'var(--fg-0)', width: 2, label: 'p95', limited: true },
];

/** p50, p95 and p99 of one row over the range, with their error, the objective, and the holes of what is stored. */
export function DetailChart({ row, answer }: { row: LatencyRow; answer: LatencyAnswer }) {
  const [ref, width] = useWidth<HTMLDivElement>(760);
  const coverage = useCoverage().data.value;
  const [fromMs, toMs] = [instantMs(answer.from), instantMs(answer.to)];
  const points = chartPoints(row.series, { fromMs, toMs, stepMs: answer.step_s * 1000, bound: row.error_bound });
  const ticks = valueTicks(points, row.objective_ms);
  const days = toMs - fromMs > 86_400_000;
  const overMs = overObjectiveMs(row);
  const holes = (coverage?.line ?? [])
    .filter(({ kind }) => kind === 'hole')
    .map((hole) => ({ fromMs: instantMs(hole.from), toMs: instantMs(hole.to) }))
    .filter((hole) => hole.toMs >= fromMs && hole.fromMs <= toMs);
  return (
    <div ref={ref}>
      <TimeChart
        points={points}
        width={width}
        height={CHART_HEIGHT}
        fromMs={fromMs}
        toMs={toMs}
        timeTicks={timeTicks(fromMs, toMs)}
        valueTicks={ticks}
        formatTime={(ms) => (days ? formatInstant(ms, Number.NaN, 'min') : formatClock(ms, 'min'))}
        formatValue={(value, top) => valueText(value, ticks.at(-1) ?? 1, top)}
        lines={LINES}
        band={(point) => point.band}
        {...(row.objective_ms !== null && {
          limit: {
            value: row.objective_ms,
            words: `objective p95 ${formatDuration(row.objective_ms)}`,
            over: overMs,
            ink: 'var(--mk-slow)',
            wordInk: 'var(--st-slow)',
          },
        })}
        holes={holes}
        tip={(point) => <Tip point={point} row={row} answer={answer} />}
        syncId="latency"
      />
    </div>
  );
}

function Tip({ point, row, answer }: { point: ChartPoint; row: LatencyRow; answer: LatencyAnswer }) {
  const { source } = point;
  const at = formatClock(point.atMs, answer.step_s < 60 ? 's' : 'min');
  if (source === null)
    return (
      <>
        <div className="m f0">{at} UTC</div>
        <div>nothing here</div>
      </>
    );
  const bound = row.error_bound;
  return (
    <>
      <div className="m f0">
        {at} UTC{source.open ? ', not over' : ''}
      </div>
      <dl>
        <dt>p99</dt>
        <dd>{percentileRange(source.p99_ms ?? null, bound)}</dd>
        <dt>p95</dt>
        <dd className="f0">{percentileRange(source.p95_ms, bound)}</dd>
        <dt>p50</dt>
        <dd>{percentileRange(source.p50_ms ?? null, bound)}</dd>
        <dt>max</dt>
        <dd>{percentile(source.max_ms ?? null)}</dd>
      </dl>
      <div className="f2">
        {source.measured === undefined
          ? ''
          : `${formatCount(source.measured)} ${SUBJECT_WORDS[answer.subject].many} measured`}
      </div>
    </>
  );
}

/** All ticks in the unit of the top one, which alone writes it. */
function valueText(value: number, top: number, isTop: boolean): string {
  const [unit, size] = top >= 120_000 ? ['min', 60_000] : top >= 2000 ? ['s', 1000] : ['ms', 1];
  const text = String(Number((value / Number(size)).toPrecision(3)));
  return isTop ? `${text} ${unit}` : text;
}
