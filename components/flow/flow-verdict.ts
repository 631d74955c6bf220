import { formatCount } from '@/components/ui/format-number.ts';
import type { FlowState } from '@/server/model/flow-wire.ts';
import type { FlowGraph } from './flow-graph.ts';
import { worstOf } from './flow-state.ts';
import { isUnread } from './map-scene.ts';

/** Sentences of one verdict; more are on the map. */
const LONGEST = 3;

/** What the map says first: what has stopped, where events die, which are wrong or slow, and who is not heard. */
export function flowVerdict(
  { nodes, bundles }: FlowGraph,
  groupsKnown: boolean,
): { readonly mark: FlowState; readonly sentence: string } {
  const lines = (state: FlowState) => bundles.filter((one) => one.state === state).length;
  const places = (state: FlowState) => nodes.filter((one) => one.state === state).length;
  const topics = nodes.filter(({ kind }) => kind === 'topic');
  const unread = topics.filter((node) => isUnread(node, bundles, groupsKnown)).length;
  const dead = topics.filter(({ dead_letter_depth }) => (dead_letter_depth ?? 0) > 0).length;
  const said = [
    counted(lines('stalled'), 'edge has stopped', 'edges have stopped') ??
      counted(places('stalled'), 'place has stopped', 'places have stopped'),
    counted(dead, 'topic holds dead letters', 'topics hold dead letters') ??
      counted(lines('dead'), 'edge leads to dead letters', 'edges lead to dead letters'),
    counted(lines('violating'), 'edge carries violations', 'edges carry violations'),
    counted(lines('slow'), 'edge is slow', 'edges are slow'),
    counted(unread, 'topic has no reader', 'topics have no reader'),
  ].filter((words) => words !== null);
  const mark = worstOf([...bundles, ...nodes].map(({ state }) => state).filter((state) => state !== 'unknown'));
  if (said.length > 0) return { mark, sentence: said.slice(0, LONGEST).join(', ') };
  const flowing = lines('flowing');
  if (flowing === 0) return { mark: 'unknown', sentence: 'No event seen on these topics in this range' };
  const silent = bundles.length - flowing;
  return {
    mark: 'flowing',
    sentence: `${silent === 0 ? 'Everything flows' : `${formatCount(flowing)} of ${formatCount(bundles.length)} edges flow, the others had nothing in this range`}`,
  };
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${formatCount(count)} ${count === 1 ? one : many}`;
}
