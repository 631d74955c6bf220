import { ROW_PX, type WaterfallRow } from './waterfall-geometry.ts';

/** One row's bar, point and label. */
export function HopDrawing({ row }: { row: WaterfallRow }) {
  const y = row.index * ROW_PX + ROW_PX / 2;
  return (
    <g>
      <Bar row={row} y={y} />
      <Point row={row} y={y} />
      {row.label === '' && row.outcomeLabel === '' ? null : (
        <text className="f1" x={row.labelX} y={y + 4} textAnchor={row.labelAnchor}>
          {row.label}
          {row.outcomeLabel === '' ? null : (
            <tspan fill="var(--st-dead)">
              {row.label === '' ? '' : ', '}
              {row.outcomeLabel}
            </tspan>
          )}
        </text>
      )}
    </g>
  );
}

/** Critical hops are ink and 8 px high, others 5 px; inferred ones are outlined and dashed; a negative one is a mark at its cause. */
function Bar({ row, y }: { row: WaterfallRow; y: number }) {
  if (row.causeX === null) return null;
  if (row.kind === 'negative')
    return <path d={`M${row.causeX} ${y - 7}v14`} stroke="var(--fg-2)" strokeDasharray="2 2" />;
  const height = row.critical ? 8 : 5;
  const box = { x: row.causeX, y: y - height / 2, width: Math.max(0, row.x - row.causeX), height };
  if (row.inferred)
    return (
      <>
        <rect {...box} fill="var(--fg-1)" fillOpacity={row.critical ? 0.4 : 0.18} />
        <rect {...box} fill="none" stroke={row.critical ? 'var(--fg-1)' : 'var(--line-3)'} strokeDasharray="4 3" />
      </>
    );
  return <rect {...box} fill={row.critical ? 'var(--fg-1)' : 'var(--line-3)'} />;
}

/** An event is a diamond; one whose cause is not stored is half of one. */
function Point({ row, y }: { row: WaterfallRow; y: number }) {
  const { x } = row;
  if (row.kind === 'dangling')
    return (
      <>
        <path d={`M${x} ${y - 5.6}L${x + 5.6} ${y}L${x} ${y + 5.6}z`} fill="var(--fg-0)" />
        <path
          d={`M${x} ${y - 5.6}L${x - 5.6} ${y}L${x} ${y + 5.6}`}
          fill="none"
          stroke="var(--fg-2)"
          strokeDasharray="2 2"
        />
      </>
    );
  return (
    <rect
      x={x - 4}
      y={y - 4}
      width="8"
      height="8"
      transform={`rotate(45 ${x} ${y})`}
      fill="var(--bg-0)"
      stroke="var(--fg-0)"
      strokeWidth="1.6"
    />
  );
}
