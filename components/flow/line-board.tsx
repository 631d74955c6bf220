'use client';

import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { traceHref } from '@/components/trace/trace-path.ts';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { STATUS_MARK } from '@/components/ui/mark-kind.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateTag } from '@/components/ui/state-mark.tsx';
import { useWidth } from '@/components/ui/use-width.ts';
import type { TraceSummary } from '@/server/model/wire.ts';
import { stationLine } from './station-line.ts';

/** px that the other columns, gaps and padding take; on a narrow screen the line has a row of its own. */
const COLUMNS_PX = 400;
const NARROW_PX = 600;
const NARROW_MARGIN_PX = 32;

/** Traces as lines, one row each: stations at their times, causes solid, inferred steps dashed. */
export function LineBoard({ traces, selected }: { traces: readonly TraceSummary[]; selected: string | null }) {
  const [ref, total] = useWidth<HTMLElement>(1264);
  const width = Math.max(160, total - (total < NARROW_PX ? NARROW_MARGIN_PX : COLUMNS_PX));
  return (
    <section ref={ref} aria-label="Newest traces as lines">
      <div className="bh">
        <span>Trace</span>
        <span>Stations at their times, each row on its own scale</span>
        <span className="num">Events</span>
        <span className="num">Duration</span>
      </div>
      {traces.map((trace) => (
        <BoardRow key={trace.trace_key} trace={trace} width={width} current={trace.trace_key === selected} />
      ))}
    </section>
  );
}

function BoardRow({ trace, width, current }: { trace: TraceSummary; width: number; current: boolean }) {
  const status = STATUS_MARK[trace.status];
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (current) link.current?.focus();
  }, [current]);
  return (
    <div className={`br ${current ? 'cur' : ''}`} data-trace={trace.trace_key}>
      <div className="nm">
        <Link
          ref={link}
          className="go el max-w-full"
          href={traceHref(trace)}
          aria-label={`Trace ${safeText(trace.correlation_id, 40)}, ${status.word}`}
        >
          {trace.flow === null ? (
            <Identifier text={trace.correlation_id.slice(0, 18)} bright={8} className="m" />
          ) : (
            <span className="b">{trace.flow}</span>
          )}
        </Link>
        <span className="flex items-center gap-3">
          <StateTag kind={status.mark} word={status.word} />
          <span className="t11 f2">
            <Instant at={trace.started_at} />
          </span>
        </span>
      </div>
      <div className="line min-w-0">
        <Line trace={trace} width={width} />
      </div>
      <span className="num f1">
        {formatCount(trace.event_count)}
        <span className="narrow-only">{trace.event_count === 1 ? ' event' : ' events'}</span>
      </span>
      <span className="num">{trace.event_count > 1 ? formatDuration(trace.duration_ms) : '–'}</span>
    </div>
  );
}

function Line({ trace, width }: { trace: TraceSummary; width: number }) {
  const drawn = stationLine(
    (trace.line ?? []).map((station) => ({
      ...station,
      event_type: safeText(station.event_type, 64),
      service: station.service === null ? null : safeText(station.service, 64),
    })),
    width,
  );
  const words = drawn.stations.map((station) => station.event_type).join(', then ');
  return (
    <svg
      className="txt block w-full"
      height="66"
      viewBox={`0 0 ${width} 66`}
      preserveAspectRatio="xMinYMid meet"
      role="img"
      aria-label={words}
    >
      {drawn.links.map((link) => (
        <line
          key={link.x1}
          x1={link.x0}
          x2={link.x1}
          y1="36"
          y2="36"
          stroke="var(--fg-1)"
          strokeWidth="2.5"
          strokeDasharray={link.inferred ? '7 4' : undefined}
        />
      ))}
      {drawn.stations.map((station) => (
        <g key={station.x}>
          <title>{`${station.event_type}${station.service === null ? '' : `, ${station.service}`}, ${formatDuration(station.at_ms)} after the start`}</title>
          <rect
            x={station.x - 4}
            y="32"
            width="8"
            height="8"
            transform={`rotate(45 ${station.x} 36)`}
            fill="var(--bg-0)"
            stroke="var(--fg-0)"
            strokeWidth="1.6"
          />
          {station.serviceLabel === null ? null : (
            <text className="s" x={station.x + (station.anchor === 'end' ? 6 : -6)} y="17" textAnchor={station.anchor}>
              {station.serviceLabel}
            </text>
          )}
          {station.typeLabel === null ? null : (
            <text className="f1" x={station.x + (station.anchor === 'end' ? 6 : -6)} y="57" textAnchor={station.anchor}>
              {station.typeLabel}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
