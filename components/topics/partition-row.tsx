'use client';

import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { HATCH } from '@/components/ui/hatch.tsx';
import { useWidth } from '@/components/ui/use-width.ts';
import type { PartitionCoverage } from '@/server/model/wire.ts';
import { offsetsLine } from './offsets-line.ts';

/** One partition: its offsets as a line, and how far behind the tap is. */
export function PartitionRow({ partition }: { partition: PartitionCoverage }) {
  const [ref, width] = useWidth<HTMLDivElement>(880);
  const line = offsetsLine(partition, width - 8);
  const words = `stored to ${formatCount(partition.next)}${partition.high === null ? '' : `, high ${formatCount(partition.high)}`}`;
  return (
    <div className="pt">
      <span className="m f1 nw">p {partition.partition}</span>
      <div ref={ref} className="ol min-w-0">
        <svg
          className="txt block w-full overflow-visible"
          height="36"
          role="img"
          aria-label={`Partition ${partition.partition}: ${words}${partition.holes.length === 0 ? '' : `, ${formatCounted(partition.holes.length, 'hole')}`}`}
        >
          {line.segments.map((segment) => (
            <Segment key={`${segment.kind}${segment.x0}`} {...segment} />
          ))}
          {line.lowX === null ? null : <path d={`M${line.lowX} 8v12`} stroke="var(--fg-2)" />}
          <circle cx={line.nextX} cy="14" r="4" fill="var(--fg-0)" />
          <text x={Math.min(line.lowX ?? 0, Math.max(0, width - 330))} y="33">
            {partition.low === null ? '' : `${formatCount(partition.low)} low`}
          </text>
          <text className="f1" x={width - 4} y="33" textAnchor="end">
            {words}
          </text>
        </svg>
      </div>
      <span className="num">
        <Lag partition={partition} />
      </span>
    </div>
  );
}

function Lag({ partition }: { partition: PartitionCoverage }) {
  if (partition.lag === null) return <span className="f2">lag unknown</span>;
  if (partition.lag === '0') return <span className="f2">all read</span>;
  return (
    <>
      {formatCount(partition.lag)} not read{' '}
      <span className="f2">{partition.lag_s === null ? '' : formatDuration(partition.lag_s * 1000)}</span>
    </>
  );
}

function Segment({ kind, x0, x1 }: { kind: 'deleted' | 'stored' | 'missing' | 'unread'; x0: number; x1: number }) {
  switch (kind) {
    case 'deleted':
      return <path d={`M${x0} 14H${x1}`} stroke="var(--line-2)" />;
    case 'stored':
      return <path d={`M${x0} 14H${Math.max(x1, x0 + 1)}`} stroke="var(--fg-0)" strokeWidth="2.5" />;
    case 'missing':
      return <rect x={x0} y="8" width={x1 - x0} height="12" fill={HATCH} />;
    case 'unread':
      return <path d={`M${x0} 14H${x1}`} stroke="var(--line-3)" strokeWidth="2" strokeDasharray="1 4" />;
  }
}
