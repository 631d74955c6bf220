import type { LatencyRow } from '@/server/model/latency-wire.ts';
import { percentile } from './latency-words.ts';
import { type LogScale, tickLabels } from './log-scale.ts';
import { rangePlot } from './range-plot.ts';

/** Room of the plot; the axis in the head has the same. */
const WIDTH = 272;
const HEIGHT = 28;
const MIDDLE = HEIGHT / 2;
/** Marks at an end of the axis are not cut. */
const PAD = 4;

/** A row on the axis all rows share: tick p50, bar to p95, tick p99, ring at the maximum, objective dashed. */
export function RangePlotMark({ row, scale }: { row: LatencyRow; scale: LogScale }) {
  const { p50, p95, p99, max, objective } = rangePlot(row, scale, WIDTH - 2 * PAD);
  const slow = row.objective === 'slow';
  const words = `p50 ${percentile(row.p50_ms)}, p95 ${percentile(row.p95_ms)}, p99 ${percentile(row.p99_ms)}, max ${percentile(row.max_ms)}`;
  return (
    <svg
      className="block"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`${-PAD} 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      {p50 === null || max === null ? null : <path d={`M${p50} ${MIDDLE}H${max}`} stroke="var(--line-3)" />}
      {p50 === null || p95 === null ? null : (
        <rect
          x={p50}
          y={MIDDLE - 3}
          width={Math.max(0, p95 - p50)}
          height="6"
          fill={slow ? 'var(--mk-slow)' : 'var(--fg-2)'}
        />
      )}
      {p50 === null ? null : <path d={`M${p50} ${MIDDLE - 5}v10`} stroke="var(--fg-0)" strokeWidth="1.5" />}
      {p99 === null ? null : <path d={`M${p99} ${MIDDLE - 4}v8`} stroke="var(--fg-1)" />}
      {max === null ? null : <circle cx={max} cy={MIDDLE} r="2" fill="var(--bg-0)" stroke="var(--fg-2)" />}
      {p95 === null ? null : (
        <rect x={p95 - 1.5} y={MIDDLE - 8} width="3" height="16" fill={slow ? 'var(--mk-slow)' : 'var(--fg-0)'} />
      )}
      {objective === null ? null : (
        <path d={`M${objective} 2v${HEIGHT - 4}`} stroke="var(--fg-0)" strokeDasharray="2 2" />
      )}
    </svg>
  );
}

/** The axis of the plots, for the head of their column. */
export function RangePlotAxis({ scale }: { scale: LogScale }) {
  const labels = tickLabels(scale.ticks);
  return (
    <svg className="txt block" width={WIDTH} height="16" viewBox={`${-PAD} 0 ${WIDTH} 16`} aria-hidden="true">
      {scale.ticks.map(({ ms, at }, index) => (
        <text
          key={ms}
          x={at * (WIDTH - 2 * PAD)}
          y="12"
          textAnchor={index === 0 ? 'start' : index === scale.ticks.length - 1 && at > 0.95 ? 'end' : 'middle'}
        >
          {labels[index]}
        </text>
      ))}
    </svg>
  );
}
