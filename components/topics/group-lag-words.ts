import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { ConsumerGroup, GroupTopic, LagWire } from '@/server/model/consumer-group-wire.ts';

/** Lag in records: `–` while it is not known. */
export function lagRecords({ lag }: Pick<LagWire, 'lag'>): string {
  return lag === null ? '–' : formatCount(lag);
}

/** Lag in time: with `≥` where it is only known to be at least that long. */
export function lagTime({ lag_s, lag_s_within }: Pick<LagWire, 'lag_s' | 'lag_s_within'>): string {
  if (lag_s === null) return '–';
  return lag_s === 0 ? '0 s' : `${lag_s_within === null ? '≥ ' : ''}${formatDuration(lag_s * 1000)}`;
}

/** How well the time is known, for a tooltip. */
export function lagWithin({ lag_s, lag_s_within }: Pick<LagWire, 'lag_s' | 'lag_s_within'>): string | undefined {
  if (lag_s === null || lag_s === 0) return undefined;
  if (lag_s_within === null) return 'The first unread record was there before anybody looked.';
  return `Known to within ${formatDuration(lag_s_within * 1000)}.`;
}

const MOVING = new Set(['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling']);

/** Mark and words of a group's state. A group without members that leaves records unread stands still. */
export function groupState(group: Pick<ConsumerGroup, 'state' | 'lag'>): {
  readonly mark: MarkKind;
  readonly word: string;
} {
  const { state, lag } = group;
  if (state === null) return { mark: 'unknown', word: 'Not describable' };
  if (state === 'Empty')
    return lag === null || lag === '0'
      ? { mark: 'running', word: 'No member' }
      : { mark: 'stalled', word: 'No member' };
  if (MOVING.has(state)) return { mark: 'running', word: 'Rebalancing' };
  return { mark: 'flowing', word: state };
}

/** Worst first: the longest wait, then the most records; those of which nothing is known, and the tap's own, last. */
export function worstFirst(groups: readonly ConsumerGroup[]): readonly ConsumerGroup[] {
  return [...groups].sort((a, b) => {
    if (a.own !== b.own) return a.own ? 1 : -1;
    return (b.lag_s ?? -1) - (a.lag_s ?? -1) || compareTexts(b.lag, a.lag) || (a.group < b.group ? -1 : 1);
  });
}

/** The groups of one life of a topic with what each leaves unread there, worst first; the tap's own is left out. */
export function groupsOfTopic(
  groups: readonly ConsumerGroup[],
  topic: string,
  n: number,
): readonly { readonly group: ConsumerGroup; readonly topic: GroupTopic }[] {
  return worstFirst(groups)
    .filter(({ own }) => !own)
    .flatMap((group) => {
      const found = group.topics.find((one) => one.topic === topic && one.n === n);
      return found === undefined ? [] : [{ group, topic: found }];
    })
    .sort((a, b) => (b.topic.lag_s ?? -1) - (a.topic.lag_s ?? -1) || compareTexts(b.topic.lag, a.topic.lag));
}

/** Whole numbers in texts, of any size; an absent one is the smallest. */
function compareTexts(a: string | null, b: string | null): number {
  const [left, right] = [BigInt(a ?? -1), BigInt(b ?? -1)];
  return left < right ? -1 : left > right ? 1 : 0;
}
