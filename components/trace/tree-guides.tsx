import { guideX, ROW_PX, type WaterfallRow } from './waterfall-geometry.ts';

/** Lines from causes to what they caused, dashed where inferred. Drawn for the rows in sight. */
export function TreeGuides({ rows, width, height }: { rows: readonly WaterfallRow[]; width: number; height: number }) {
  return (
    <svg className="pointer-events-none absolute left-0 top-0" width={width} height={height} aria-hidden="true">
      {rows.map((row) => (
        <g key={row.event.id} fill="none" stroke="var(--line-3)">
          {row.beyond === 0 && row.guide !== null ? <Elbow row={row} /> : null}
          {row.through.map((through, level) => (
            <Through key={guideX(level)} through={through} level={level} index={row.index} />
          ))}
        </g>
      ))}
    </svg>
  );
}

function Elbow({ row }: { row: WaterfallRow }) {
  const x = guideX(row.depth - 1);
  const top = row.index * ROW_PX - 6;
  const middle = row.index * ROW_PX + ROW_PX / 2;
  return (
    <path
      d={`M${x} ${top}V${middle}H${row.indent - 4}`}
      strokeDasharray={row.guide === 'dashed' ? '3 2.5' : undefined}
    />
  );
}

function Through({
  through,
  level,
  index,
}: {
  through: WaterfallRow['through'][number];
  level: number;
  index: number;
}) {
  if (through === null) return null;
  const x = guideX(level);
  return (
    <path
      d={`M${x} ${index * ROW_PX - 6}V${(index + 1) * ROW_PX - 6}`}
      strokeDasharray={through === 'dashed' ? '3 2.5' : undefined}
    />
  );
}
