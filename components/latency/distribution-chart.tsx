'use client';

import Link from 'next/link';
import { traceHref } from '@/components/trace/trace-path.ts';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { useWidth } from '@/components/ui/use-width.ts';
import type { DistributionBucket, LatencyRow } from '@/server/model/latency-wire.ts';
import { type Distribution, distribution } from './distribution.ts';
import { rowTracesHref } from './latency-query.ts';
import { tickLabels } from './log-scale.ts';

/** Heights of the parts, in px. */
const RINGS = 34;
const BARS = 150;
const AXIS = 46;
const PAD = 4;

interface DistributionChartProps {
  readonly row: LatencyRow;
  readonly buckets: readonly DistributionBucket[];
  readonly range: string;
  readonly many: string;
}

/** How often which times came: a bar per bucket that leads to its traces, a ring per exemplar that leads to its own. */
export function DistributionChart({ row, buckets, range, many }: DistributionChartProps) {
  const [ref, total] = useWidth<HTMLDivElement>(330);
  const width = Math.max(120, total - 2 * PAD);
  const drawn = distribution(buckets, { objectiveMs: row.objective_ms, exemplars: row.exemplars });
  const objectiveX = row.objective_ms === null ? null : drawn.scale.at(row.objective_ms) * width;
  const base = RINGS + BARS;
  return (
    <div ref={ref}>
      <svg
        className="txt block w-full"
        height={base + AXIS}
        viewBox={`${-PAD} 0 ${width + 2 * PAD} ${base + AXIS}`}
        preserveAspectRatio="xMinYMin meet"
      >
        <title>{`Distribution of ${formatCount(drawn.total)} ${many}`}</title>
        <path d={`M0 ${base + 0.5}H${width}`} stroke="var(--line-3)" />
        {drawn.bars.map((bar) => {
          const words = `${formatCount(bar.count)} took ${formatDuration(bar.from_ms)} – ${formatDuration(bar.to_ms)}`;
          return (
            <Link
              key={bar.from_ms}
              href={rowTracesHref(row, range, bar.from_ms)}
              aria-label={`${words}; traces long enough to hold one`}
              className="bar-link"
            >
              <title>{words}</title>
              <rect
                x={bar.x * width}
                y={RINGS}
                width={Math.max(2, bar.width * width)}
                height={BARS}
                fill="transparent"
              />
              <rect
                className="ink"
                x={bar.x * width}
                y={base - bar.height * BARS}
                width={Math.max(1, bar.width * width - 1)}
                height={bar.height * BARS}
                fill={bar.over ? 'var(--mk-slow)' : 'var(--fg-2)'}
                fillOpacity={bar.over ? 0.8 : 1}
              />
            </Link>
          );
        })}
        {objectiveX === null ? null : <ObjectiveLine x={objectiveX} leftward={objectiveX > width / 2} base={base} />}
        <Exemplars row={row} scale={drawn.scale} width={width} />
        <Axis drawn={drawn} row={row} width={width} base={base} />
      </svg>
    </div>
  );
}

function ObjectiveLine({ x, leftward, base }: { x: number; leftward: boolean; base: number }) {
  return (
    <>
      <path d={`M${x} ${RINGS - 8}V${base}`} stroke="var(--fg-0)" strokeDasharray="2 2" />
      <text className="s f1" x={x + (leftward ? -5 : 5)} y={RINGS - 1} textAnchor={leftward ? 'end' : 'start'}>
        objective
      </text>
    </>
  );
}

/** Rings over the times they took. */
function Exemplars({ row, scale, width }: { row: LatencyRow; scale: Distribution['scale']; width: number }) {
  return row.exemplars.map((exemplar) => {
    const x = scale.at(exemplar.hop_ms) * width;
    const words = `Trace near ${exemplar.at}, ${formatDuration(exemplar.hop_ms)}: ${safeText(exemplar.correlation_id, 60)}`;
    return (
      <Link
        key={`${exemplar.at}${exemplar.trace_key}`}
        href={traceHref({ ...exemplar, correlation_id_truncated: false })}
        aria-label={words}
        className="ring-link"
      >
        <title>{words}</title>
        <circle cx={x} cy="9" r="9" fill="transparent" />
        <circle className="ring" cx={x} cy="9" r="3.2" fill="var(--bg-0)" stroke="var(--fg-0)" strokeWidth="1.3" />
      </Link>
    );
  });
}

/** Decades, and where the percentiles stand. */
function Axis({ drawn, row, width, base }: { drawn: Distribution; row: LatencyRow; width: number; base: number }) {
  const labels = tickLabels(drawn.scale.ticks);
  const marks = [
    ['p50', row.p50_ms],
    ['p95', row.p95_ms],
    ['p99', row.p99_ms],
  ] as const;
  let free = Number.NEGATIVE_INFINITY;
  return (
    <g>
      {drawn.scale.ticks.map(({ ms, at }, index) => (
        <text key={ms} x={at * width} y={base + 16} textAnchor={index === 0 ? 'start' : at > 0.97 ? 'end' : 'middle'}>
          {labels[index]}
        </text>
      ))}
      {marks.map(([name, ms]) => {
        if (ms === null) return null;
        const x = drawn.scale.at(ms) * width;
        // Names of percentiles that lie close together follow each other.
        const textX = Math.max(x, free + 26);
        free = textX;
        return (
          <g key={name}>
            <path d={`M${x} ${base}v6`} stroke="var(--fg-0)" strokeWidth="1.5" />
            <path d={`M${x} ${base + 20}L${textX} ${base + 24}`} stroke="var(--line-3)" fill="none" />
            <text className="f0" x={textX} y={base + 36} textAnchor="middle">
              {name}
            </text>
          </g>
        );
      })}
    </g>
  );
}
