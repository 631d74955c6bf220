import { trendBars } from './trend.ts';

const WIDTH = 104;
const HEIGHT = 18;

/** Events of a group per step of the range, as bars on a line. */
export function TrendBars({ trend }: { trend: readonly number[] }) {
  const bars = trendBars(trend, { width: WIDTH, height: HEIGHT });
  return (
    <svg className="block" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {bars.map((bar) => (
        <rect key={bar.x} x={bar.x} y={bar.y} width={bar.width} height={bar.height} fill="var(--mk-violating)" />
      ))}
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line-2)" />
    </svg>
  );
}
