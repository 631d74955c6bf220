import type { FlowState } from '@/server/model/flow-wire.ts';

/** Worst first: sorts, picks verdicts, colours what stands for several. */
const RANK: readonly FlowState[] = ['stalled', 'dead', 'violating', 'slow', 'unknown', 'flowing'];

export const STATE_WORDS: Record<FlowState, string> = {
  stalled: 'Stalled',
  dead: 'Dead-lettered',
  violating: 'Violating',
  slow: 'Slow',
  unknown: 'Nothing in range',
  flowing: 'Flowing',
};

export function rankOf(state: FlowState): number {
  return RANK.indexOf(state);
}

/** The worst of several; unknown of none. */
export function worstOf(states: readonly FlowState[]): FlowState {
  return RANK.find((state) => states.includes(state)) ?? 'unknown';
}

/** Whether a state asks for a person. */
export function isFinding(state: FlowState): boolean {
  return state !== 'flowing' && state !== 'unknown';
}

/** Ink of strokes and glyphs; what never was is a rule, not a state. */
export function markInk(state: FlowState): string {
  return state === 'unknown' ? 'var(--line-3)' : `var(--mk-${state})`;
}
