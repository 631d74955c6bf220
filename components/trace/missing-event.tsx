import { STALLED_HATCH } from '@/components/ui/hatch.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { MissingRow } from './missing-row.ts';
import { ROW_PX } from './waterfall-geometry.ts';

interface MissingEventProps {
  readonly row: MissingRow;
  readonly treePx: number;
  /** px of the time area's left edge, its width, and the height of all rows. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** The event that should have come: a square where it should be, and a hatched wait until now. */
export function MissingEvent({ row, treePx, left, width, height }: MissingEventProps) {
  const y = row.index * ROW_PX + ROW_PX / 2;
  return (
    <>
      <div
        role="treeitem"
        aria-selected="false"
        tabIndex={-1}
        aria-label={safeText(`${row.eventType}, ${row.service ?? 'service unknown'}, ${row.label}`)}
        className="wr"
        style={{ top: row.index * ROW_PX }}
      >
        <div className="wt st-stalled" style={{ paddingLeft: row.indent, width: treePx }}>
          <StateMark kind="stalled" />
          <Identifier text={row.eventType} className="m el b" />
          <Identifier text={row.service ?? 'service unknown'} className="f2 t12 el sv" />
        </div>
      </div>
      <svg className="pointer-events-none absolute left-0 top-0" width={left} height={height} aria-hidden="true">
        {row.guide === null ? null : (
          <path d={row.guide} fill="none" stroke="var(--mk-stalled)" strokeDasharray="3 2.5" />
        )}
      </svg>
      <svg
        className="txt pointer-events-none absolute top-0"
        style={{ left, overflow: 'visible' }}
        width={width}
        height={height}
        aria-hidden="true"
      >
        <rect
          x={row.x0}
          y={y - 6}
          width={row.x1 - row.x0}
          height="12"
          fill={STALLED_HATCH}
          stroke="var(--mk-stalled)"
        />
        {row.labelAnchor === 'middle' ? (
          <rect x={row.labelX - row.labelPx / 2 - 4} y={y - 8} width={row.labelPx + 8} height="16" fill="var(--bg-0)" />
        ) : null}
        <text className="stop" x={row.labelX} y={y + 4} textAnchor={row.labelAnchor}>
          {row.label}
        </text>
      </svg>
    </>
  );
}
