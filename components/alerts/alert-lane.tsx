import type { LanePart } from './lane.ts';

const WIDTH = 276;
const HEIGHT = 14;
/** Least width of a stretch: what began a moment ago has to be seen. */
const LEAST = 3;

/** An alert over the range: filled while it fired, outlined while it was pending, hatched where nothing could be told. */
export function AlertLane({ parts, mark }: { parts: readonly LanePart[]; mark: string }) {
  return (
    <svg className="al-lane" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={`M0 ${HEIGHT / 2}H${WIDTH}`} stroke="var(--line-2)" />
      {[0.25, 0.5, 0.75].map((at) => (
        <path key={at} d={`M${at * WIDTH} 4v6`} stroke="var(--line-2)" />
      ))}
      {parts.map(({ x0, x1, look }) => {
        const width = Math.max(LEAST, (x1 - x0) * WIDTH);
        const box = { x: Math.min(x0 * WIDTH, WIDTH - width), y: 1, width, height: HEIGHT - 2 };
        if (look === 'firing') return <rect key={x0} {...box} fill={`var(--mk-${mark})`} />;
        if (look === 'pending')
          return <rect key={x0} {...box} fill="var(--bg-0)" stroke={`var(--mk-${mark})`} strokeWidth="1" />;
        return <rect key={x0} {...box} fill="var(--line-1)" stroke="var(--fg-2)" strokeDasharray="2 2" />;
      })}
    </svg>
  );
}
