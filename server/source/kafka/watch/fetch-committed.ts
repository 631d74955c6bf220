import type { CommittedOffset } from '../../../ports/cluster-watch.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import type { BrokerAsks } from './broker-asks.ts';
import { fetchOffsetsRequests, type GroupOffsets } from './fetch-offsets-request.ts';
import { groupTrouble } from './group-trouble.ts';
import type { ListedGroups } from './list-groups.ts';
import type { ListedGroup } from './list-groups-request.ts';

/** What a group committed, or why that could not be read. */
export type Committed =
  | { readonly ok: true; readonly offsets: readonly CommittedOffset[] }
  | { readonly ok: false; readonly why: string };

/** The committed offsets of every listed group, asked of its coordinator, many groups at once. */
export async function fetchCommitted(
  asks: BrokerAsks,
  { byBroker }: ListedGroups,
): Promise<ReadonlyMap<string, Committed>> {
  const committed = new Map<string, Committed>();
  const ask = async (nodeId: number, groups: readonly string[]): Promise<void> => {
    if (groups.length === 0) return;
    const answer = await asks.askAll(nodeId, (to) => fetchOffsetsRequests(groups, to.maxVersion(API_KEYS.offsetFetch)));
    const missing = answer.ok ? 'The broker left the group out of its answer.' : answer.why;
    for (const group of groups) committed.set(group, { ok: false, why: missing });
    if (answer.ok) for (const offsets of answer.value) committed.set(offsets.group, toCommitted(offsets));
  };
  await Promise.all(
    [...byBroker].map(([nodeId, groups]) => {
      // Share groups have no committed offsets; asking for them is an error.
      const [sharing, committing] = [groups.filter(isShare), groups.filter((group) => !isShare(group))];
      for (const { group } of sharing) committed.set(group, { ok: true, offsets: [] });
      return ask(
        nodeId,
        committing.map(({ group }) => group),
      );
    }),
  );
  return committed;
}

function isShare({ type }: ListedGroup): boolean {
  return type === 'share';
}

/** One bad partition makes the group's sample unusable: a partition left out would read as an offset taken back. */
function toCommitted({ errorCode, offsets }: GroupOffsets): Committed {
  if (errorCode !== 0) return { ok: false, why: groupTrouble(errorCode) };
  const bad = offsets.find((offset) => offset.errorCode !== 0);
  if (bad !== undefined) return { ok: false, why: groupTrouble(bad.errorCode) };
  return { ok: true, offsets: offsets.filter(({ offset }) => offset >= 0n) };
}
