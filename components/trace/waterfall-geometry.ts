import { formatHop } from '@/components/ui/format-duration.ts';
import { instantMs } from '@/components/ui/format-instant.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import type { TraceEvent } from '@/server/model/wire.ts';
import { causeTree, GUIDE_LEVELS, guideOf, type TreeRow } from './cause-tree.ts';
import { criticalPath } from './critical-path.ts';
import { outcomeWords } from './outcomes.ts';
import { type TimeScale, timeScale } from './time-scale.ts';

export const ROW_PX = 28;

/** One row, placed: tree at the left, point and bar at the right. */
export interface WaterfallRow extends TreeRow {
  readonly index: number;
  readonly critical: boolean;
  /** px of the event's point. */
  readonly x: number;
  /** px of its cause's point; null without a hop. */
  readonly causeX: number | null;
  readonly inferred: boolean;
  readonly kind: 'root' | 'hop' | 'negative' | 'dangling';
  readonly label: string;
  /** The dead letter that became of the event, and what is said of it beside the label. */
  readonly outcome: TraceEvent | null;
  readonly outcomeLabel: string;
  readonly labelX: number;
  readonly labelAnchor: 'start' | 'end';
  /** Indent of the name in px. */
  readonly indent: number;
  /** Deeper levels that share the last indent. */
  readonly beyond: number;
  readonly guide: 'solid' | 'dashed' | null;
}

export interface Waterfall {
  readonly rows: readonly WaterfallRow[];
  readonly scale: TimeScale;
  readonly startMs: number;
}

/** First indent, step per level, and the level from which rows no longer move right. */
const INDENT_PX = 20;
const STEP_PX = 14;
export const DEEPEST_INDENT = GUIDE_LEVELS;

/** Rough width of one label character (11 px mono), to choose the side of the label. */
const LABEL_CHAR_PX = 6.6;
const LABEL_GAP_PX = 13;
/** Characters of an outcome beside a row; the inspector has all of it. */
const LONGEST_OUTCOME = 72;
/** Fewer of them say nothing that the mark beside the name does not. */
const LEAST_OUTCOME = 20;
/** Between a label and its outcome. */
const JOIN_CHARS = 2;

/**
 * The waterfall of a trace, as numbers. Pure: the same events and options give the same picture.
 * @param options.width px of the time area
 * @param options.labelRoom px right of it that labels may use
 */
export function waterfall(
  events: readonly TraceEvent[],
  options: {
    readonly width: number;
    readonly labelRoom?: number;
    readonly trueScale: boolean;
    readonly unfolded: ReadonlySet<string>;
    /** What became of events, by their ids (`outcomes`). */
    readonly outcomeOf: ReadonlyMap<string, TraceEvent>;
    /** Drawn until this instant, ms since the epoch: something is waited for. */
    readonly untilMs?: number;
  },
): Waterfall {
  const tree = causeTree(events, options.unfolded, options.outcomeOf);
  const startMs = tree.reduce((least, row) => Math.min(least, row.atMs), Number.POSITIVE_INFINITY);
  const moments = events.map((event) => instantMs(event.occurred_at) - startMs);
  const scale = timeScale(
    options.untilMs === undefined ? moments : [...moments, options.untilMs - startMs],
    options.width,
    options.trueScale,
  );
  const path = criticalPath(events);
  const times = new Map(events.map((event) => [event.id, instantMs(event.occurred_at) - startMs]));
  const rows = tree.map((row, index) =>
    placeRow(row, index, {
      times,
      scale,
      critical: row.alike.some(({ id }) => path.ids.has(id)),
      outcome: options.outcomeOf.get(row.event.id) ?? null,
      startMs,
      labelRoom: options.labelRoom ?? 0,
    }),
  );
  return { rows, scale, startMs };
}

interface Place {
  readonly times: ReadonlyMap<string, number>;
  readonly scale: TimeScale;
  readonly critical: boolean;
  readonly outcome: TraceEvent | null;
  readonly startMs: number;
  readonly labelRoom: number;
}

function placeRow(row: TreeRow, index: number, place: Place): WaterfallRow {
  const { event } = row;
  const last = row.alike.at(-1) ?? event;
  const x = place.scale.x(
    (row.alike.length > 1 ? instantMs(last.occurred_at) - place.startMs : undefined) ?? row.atMs - place.startMs,
  );
  const causeMs = event.parent === null ? undefined : place.times.get(event.parent.id);
  const causeX = causeMs === undefined ? null : place.scale.x(causeMs);
  const label = labelOf(row);
  const left = Math.min(x, causeX ?? x) - LABEL_GAP_PX;
  const right = place.scale.width + place.labelRoom - x - LABEL_GAP_PX;
  const outcome = place.outcome === null ? '' : safeText(outcomeWords(place.outcome), LONGEST_OUTCOME);
  const size = (label.length + outcome.length) * LABEL_CHAR_PX;
  // Where it fits on neither side it stands on the wider one, cut.
  const isRight = size <= right || (size > left && right >= left);
  const outcomeLabel = cutTo(outcome, Math.max(left, right) / LABEL_CHAR_PX - label.length - JOIN_CHARS);
  const level = Math.min(row.depth, DEEPEST_INDENT);
  return {
    ...row,
    index,
    critical: place.critical,
    x,
    causeX,
    inferred: event.parent?.evidence === 'order',
    kind: kindOf(event, causeX),
    label,
    outcome: place.outcome,
    outcomeLabel,
    labelX: isRight ? x + LABEL_GAP_PX : left,
    labelAnchor: isRight ? 'start' : 'end',
    indent: INDENT_PX + level * STEP_PX + (row.depth > 0 ? 6 : 0),
    beyond: row.depth - level,
    guide: row.depth === 0 ? null : guideOf(event),
  };
}

/** So many characters of a text, the last of them an ellipsis where more was there; nothing where too few would be left. */
function cutTo(text: string, characters: number): string {
  const most = Math.floor(characters);
  if (text.length <= most) return text;
  return most < LEAST_OUTCOME
    ? ''
    : `${text
        .slice(0, most - 1)
        .replace(/[\uD800-\uDBFF]$/, '')
        .trimEnd()}…`;
}

function kindOf(event: TraceEvent, causeX: number | null): WaterfallRow['kind'] {
  if (event.dangling_cause) return 'dangling';
  if (event.parent === null || causeX === null) return 'root';
  return event.parent.hop_ms < 0 || event.parent.flags.includes('clock_skew') ? 'negative' : 'hop';
}

function labelOf({ event, alike }: TreeRow): string {
  if (event.dangling_cause)
    return `cause not stored${event.causation_id === null ? '' : `: ${event.causation_id.slice(0, 8)}`}`;
  if (event.parent === null) return '';
  const hop = formatHop(event.parent.hop_ms);
  if (event.parent.hop_ms < 0 || event.parent.flags.includes('clock_skew')) return `${hop} clock skew, not counted`;
  if (event.parent.flags.includes('across_gap')) return `${hop} over a pause, not counted`;
  return alike.length > 1 ? `${hop} and ${alike.length - 1} alike` : hop;
}

/** px of the guide's vertical at a level: it runs under the first letters of the cause. */
export function guideX(level: number): number {
  return INDENT_PX + Math.min(level, DEEPEST_INDENT) * STEP_PX + (level > 0 ? 6 : 0) + 5;
}

/** Index of the row that stands for an event, be it one of several alike; -1 where none does. */
export function rowOf(rows: readonly WaterfallRow[], id: string | null): number {
  return rows.findIndex(({ alike }) => alike.some((event) => event.id === id));
}

/** Rows to draw for a scroll position: those in sight and a few around, never fewer than what fits. */
export function rowsInSight(
  count: number,
  scrollTop: number,
  height: number,
): { readonly from: number; readonly to: number } {
  if (count <= 100) return { from: 0, to: count };
  const from = Math.max(0, Math.min(count - 1, Math.floor(scrollTop / ROW_PX)) - 10);
  return { from, to: Math.min(count, from + Math.ceil(height / ROW_PX) + 20) };
}

/** What a screen reader hears of a row: name, service, hop and why we believe it. */
export function rowInWords(row: WaterfallRow, causeType: string | null): string {
  const words = hopInWords(row, causeType);
  return row.outcome === null ? words : `${words}, ${outcomeWords(row.outcome)}`;
}

function hopInWords(row: WaterfallRow, causeType: string | null): string {
  const who = `${row.event.event_type}, ${row.event.service ?? 'service unknown'}`;
  if (row.event.dangling_cause) return `${who}, ${row.label}`;
  if (row.event.parent === null || causeType === null) return `${who}, no cause`;
  const why = row.inferred ? 'inferred by order' : `by ${row.event.parent.evidence}`;
  return `${who}, ${row.label} after ${causeType}, ${why}`;
}
