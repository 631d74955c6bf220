import type { FlowGraph } from './flow-graph.ts';
import { rankOf } from './flow-state.ts';

export type Step = 'left' | 'right' | 'up' | 'down';

/** Ids of bundles, worst first and then the busiest: the order of the table, and where the keys begin. */
export function worstFirst(bundles: FlowGraph['bundles']): FlowGraph['bundles'] {
  return [...bundles].sort((a, b) => rankOf(a.state) - rankOf(b.state) || b.count - a.count || (a.id < b.id ? -1 : 1));
}

/**
 * The edge an arrow key leads to: right to one that goes on from here, left to one that led here, up and down among those
 * that leave the same place, or, where there is no other, among all.
 */
export function walkMap(graph: FlowGraph, selected: string | null, step: Step): string | null {
  const ordered = worstFirst(graph.bundles);
  const here = ordered.find(({ id }) => id === selected);
  if (here === undefined) return fromNode(ordered, selected, step) ?? ordered[0]?.id ?? null;
  if (step === 'right') return ordered.find(({ from }) => from === here.to)?.id ?? here.id;
  if (step === 'left') return ordered.find(({ to }) => to === here.from)?.id ?? here.id;
  const siblings = ordered.filter(({ from }) => from === here.from);
  const among = siblings.length > 1 ? siblings : ordered;
  const next = among.indexOf(here) + (step === 'down' ? 1 : -1);
  return among[(next + among.length) % among.length]?.id ?? here.id;
}

function fromNode(ordered: FlowGraph['bundles'], node: string | null, step: Step): string | undefined {
  const leaving = step === 'left' ? ordered.find(({ to }) => to === node) : ordered.find(({ from }) => from === node);
  return leaving?.id;
}
