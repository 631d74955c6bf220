import { formatDuration } from '@/components/ui/format-duration.ts';
import { instantMs } from '@/components/ui/format-instant.ts';
import type { StallWire } from '@/server/model/stall-wire.ts';
import { guideX, ROW_PX, type Waterfall } from './waterfall-geometry.ts';

/** The row of an event that should have come: a hatched bar from the step before it until now. */
export interface MissingRow {
  readonly index: number;
  readonly eventType: string;
  readonly service: string | null;
  readonly x0: number;
  readonly x1: number;
  readonly label: string;
  readonly labelX: number;
  readonly labelPx: number;
  /** `middle`: inside the bar, over its hatch. */
  readonly labelAnchor: 'start' | 'middle' | 'end';
  readonly indent: number;
  /** Dashed elbow from the step's row; null where that row is not drawn. */
  readonly guide: string | null;
}

const LABEL_GAP_PX = 8;
const LABEL_CHAR_PX = 6.6;
/** Least width of the bar, so that its hatch is seen. */
const LEAST_PX = 14;

/**
 * Places the missing event under the step it should follow. `nowMs` is what the answer says it is of, `labelRoom` how
 * many px right of the time area its label may use.
 */
export function missingRow(stall: StallWire, drawn: Waterfall, nowMs: number, labelRoom = 0): MissingRow {
  const { rows, scale, startMs } = drawn;
  const step =
    rows.find(({ alike }) => alike.some(({ id }) => id === stall.step.id)) ??
    rows.findLast(({ event }) => event.event_type === stall.step.event_type);
  const x0 = Math.max(0, Math.min(scale.width - LEAST_PX, scale.x(instantMs(stall.since) - startMs)));
  const x1 = Math.max(x0 + LEAST_PX, Math.min(scale.width, scale.x(nowMs - startMs)));
  const label = missingLabel(stall);
  const labelPx = label.length * LABEL_CHAR_PX;
  const depth = (step?.depth ?? -1) + 1;
  const middle = rows.length * ROW_PX + ROW_PX / 2;
  const indent = guideX(depth) - 5;
  return {
    index: rows.length,
    eventType: stall.missing.event_type,
    service: stall.missing.service,
    ...{ x0, x1, label, indent },
    labelPx,
    ...labelPlace(x0, x1, labelPx, scale.width + labelRoom),
    guide:
      step === undefined
        ? null
        : `M${guideX(step.depth)} ${(step.index + 1) * ROW_PX - 6}V${middle}H${Math.max(guideX(step.depth), indent - 4)}`,
  };
}

/** Left of the bar, else inside of it, else right of it, even where it is cut there. */
function labelPlace(x0: number, x1: number, px: number, end: number): Pick<MissingRow, 'labelX' | 'labelAnchor'> {
  if (x0 - LABEL_GAP_PX >= px) return { labelX: x0 - LABEL_GAP_PX, labelAnchor: 'end' };
  const isOutside = x1 + LABEL_GAP_PX + px <= end || x1 - x0 < px + 2 * LABEL_GAP_PX;
  return isOutside
    ? { labelX: x1 + LABEL_GAP_PX, labelAnchor: 'start' }
    : { labelX: (x0 + x1) / 2, labelAnchor: 'middle' };
}

/** What is waited for, and how soon it usually comes. */
export function missingLabel({ basis }: Pick<StallWire, 'basis'>): string {
  return basis.p95_ms === null ? 'not here yet' : `not here yet, usually ${formatDuration(basis.p95_ms)} p95`;
}
