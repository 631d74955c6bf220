import type { LineStretch } from '@/server/model/wire.ts';
import { instantMs } from './format-instant.ts';

/** A stretch of the through line, in per cent of its width. */
export interface DrawnStretch {
  readonly kind: LineStretch['kind'];
  readonly from: number;
  readonly to: number;
  readonly why: string | null;
}

/** A hole narrower than this is still drawn this wide (per cent): a hole must be seen. */
const LEAST_HOLE = 0.6;

/** Stretches placed in a range, clipped to it; what no stretch covers is dotted as not heard. */
export function throughLine(line: readonly LineStretch[], fromMs: number, toMs: number): DrawnStretch[] {
  const percent = (ms: number) => Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100));
  const drawn: DrawnStretch[] = [];
  let reached = 0;
  for (const stretch of [...line].sort((a, b) => instantMs(a.from) - instantMs(b.from))) {
    const [from, to] = [percent(instantMs(stretch.from)), percent(instantMs(stretch.to))];
    if (to <= from && stretch.kind !== 'hole') continue;
    if (from > reached) drawn.push({ kind: 'unheard', from: reached, to: from, why: 'Nothing is known of this time' });
    drawn.push(
      stretch.kind === 'hole' ? widened({ ...stretch, from, to }) : { kind: stretch.kind, why: stretch.why, from, to },
    );
    reached = Math.max(reached, to);
  }
  if (reached < 100) drawn.push({ kind: 'unheard', from: reached, to: 100, why: 'Nothing is known of this time' });
  return drawn;
}

/** Where the line ends in solid: the right end of what is stored, per cent; 0 when nothing is. */
export function solidEnd(drawn: readonly DrawnStretch[]): number {
  return drawn.reduce((end, stretch) => (stretch.kind === 'stored' ? Math.max(end, stretch.to) : end), 0);
}

/** The line in one sentence, for those who do not see it. */
export function lineInWords(drawn: readonly DrawnStretch[]): string {
  const share = (kind: LineStretch['kind']) =>
    Math.round(drawn.filter((s) => s.kind === kind).reduce((sum, s) => sum + s.to - s.from, 0));
  const holes = drawn.filter((stretch) => stretch.kind === 'hole').length;
  const rest = share('unread') + share('unheard');
  return `${share('stored')} % of this time range is stored${holes === 0 ? '' : `, ${holes} ${holes === 1 ? 'hole' : 'holes'}`}${rest === 0 ? '' : `, ${rest} % not read or not heard`}`;
}

function widened(stretch: DrawnStretch): DrawnStretch {
  if (stretch.to - stretch.from >= LEAST_HOLE)
    return { kind: stretch.kind, why: stretch.why, from: stretch.from, to: stretch.to };
  const middle = Math.min(100 - LEAST_HOLE / 2, Math.max(LEAST_HOLE / 2, (stretch.from + stretch.to) / 2));
  return { kind: 'hole', why: stretch.why, from: middle - LEAST_HOLE / 2, to: middle + LEAST_HOLE / 2 };
}
