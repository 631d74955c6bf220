import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount, formatCounted, formatRate } from '@/components/ui/format-number.ts';
import type { FlowState } from '@/server/model/flow-wire.ts';
import type { Bundle, GraphNode } from './flow-graph.ts';
import { isFinding } from './flow-state.ts';
import { lineDash, lineWidth } from './line-look.ts';

/** What of a place ticks. */
export interface PlaceLook {
  readonly state: FlowState;
  /** One fact, the one that matters most. */
  readonly fact: string;
  /** The fact is about the state, and has its ink. */
  readonly factOfState: boolean;
  readonly depth: string | null;
}

/** What of a line ticks. */
export interface LineLook {
  readonly state: FlowState;
  readonly width: number;
  readonly dash: string | null;
  /** Beside a line that is not well, always; beside any, when it is looked at. */
  readonly label: string;
  /** p95 of its hops, told close up; empty where there are none. */
  readonly p95: string;
  readonly perSecond: number;
}

export function placeLook(node: GraphNode): PlaceLook {
  const [fact, factOfState] = factOf(node);
  const { state, dead_letter_depth: depth } = node;
  return { state, fact, factOfState, depth: depth === null || depth === 0 ? null : `${formatCount(depth)} deep` };
}

export function lineLook(bundle: Bundle): LineLook {
  const { state, parts, rate_per_s: perSecond } = bundle;
  const busiest = parts.reduce<(typeof parts)[number] | undefined>(
    (best, part) => (best === undefined || part.measured > best.measured ? part : best),
    undefined,
  );
  return {
    state,
    width: Math.round(lineWidth(perSecond) * 2) / 2,
    dash: lineDash(bundle),
    label: labelOf(bundle),
    p95:
      busiest === undefined || busiest.measured === 0
        ? ''
        : `p95 ${busiest.p95_ms === null ? 'too few' : formatDuration(busiest.p95_ms)}`,
    perSecond,
  };
}

/** Rates are per minute on the map: most of a development cluster's are far below one a second. */
export function perMinute(perSecond: number): string {
  return `${formatRate(perSecond * 60)}/min`;
}

/** Records that the groups of a bundle have not read, as text; null where one of them is unknown or there is none. */
export function waitingOf({ groups }: Pick<Bundle, 'groups'>): string | null {
  if (groups.length === 0 || groups.some(({ lag }) => lag === null)) return null;
  return String(groups.reduce((sum, { lag }) => sum + BigInt(lag ?? '0'), 0n));
}

function factOf(node: GraphNode): readonly [string, boolean] {
  const empty = node.groups.filter(({ members }) => members === 0).length;
  if (node.kind === 'topic') {
    const rate = perMinute(node.rate_per_s);
    return [node.holes === 0 ? rate : `≥ ${rate}, ${formatCount(node.missing)} missing`, false];
  }
  if (empty > 0) return [`${empty} of ${formatCounted(node.groups.length, 'group')} empty`, node.state === 'stalled'];
  if (node.state === 'violating' && node.violation_count > 0)
    return [`${formatCounted(node.violation_count, 'violation')}`, true];
  if (node.state === 'slow' && node.p95_ms !== null) return [`p95 ${formatDuration(node.p95_ms)}`, true];
  if (node.count === 0) return [node.state === 'unknown' ? 'nothing in range' : 'sends nothing', false];
  return [`${perMinute(node.rate_per_s)} out`, false];
}

function labelOf(bundle: Bundle): string {
  const { state, parts, count, rate_per_s: perSecond } = bundle;
  if (count === 0 && !isFinding(state)) return 'nothing in range';
  if (state === 'stalled') {
    const waiting = waitingOf(bundle);
    return waiting === null || waiting === '0' ? 'stopped' : `${formatCount(waiting)} waiting`;
  }
  const slow = parts.find((part) => part.state === 'slow')?.p95_ms ?? null;
  return state === 'slow' && slow !== null ? `p95 ${formatDuration(slow)}` : perMinute(perSecond);
}
