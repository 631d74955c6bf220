import type { MarkKind } from './mark-kind.ts';
import { trendBars } from './trend.ts';

const HEIGHT = 18;

/** Counts per step of a range, as bars on a line, in the ink of the state they are of. */
export function TrendBars({
  trend,
  kind,
  width = 104,
}: {
  trend: readonly number[];
  kind: Extract<MarkKind, 'violating' | 'dead'>;
  width?: number;
}) {
  const bars = trendBars(trend, { width, height: HEIGHT });
  return (
    <svg className="block" width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      {bars.map((bar) => (
        <rect key={bar.x} x={bar.x} y={bar.y} width={bar.width} height={bar.height} fill={`var(--mk-${kind})`} />
      ))}
      <path d={`M0 ${HEIGHT - 0.5}H${width}`} stroke="var(--line-2)" />
    </svg>
  );
}
