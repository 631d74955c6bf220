import { type GroupFacts, MEMBERS_KEPT } from '../../../model/consumer-group.ts';
import type { ClusterLook, SeenGroup, SeenTopic } from '../../../ports/cluster-watch.ts';
import { partitionKey } from '../cluster/offsets.ts';
import type { ClusterMetadata, TopicMetadata } from '../wire/metadata-request.ts';
import type { Committed } from './fetch-committed.ts';
import type { GroupDescription } from './group-description.ts';
import { groupTrouble } from './group-trouble.ts';
import type { ListedGroups } from './list-groups.ts';
import type { ListedGroup } from './list-groups-request.ts';
import type { Watermarks } from './sample-watermarks.ts';

/** The answers of one look, as they came. */
export interface LookParts extends Pick<ClusterLook, 'beganAt' | 'endedAt' | 'requests'> {
  readonly listed: ListedGroups;
  readonly committed: ReadonlyMap<string, Committed>;
  readonly descriptions: ReadonlyMap<string, GroupDescription>;
  readonly watermarks: Watermarks;
  readonly topics: {
    readonly wanted: ReadonlySet<string>;
    readonly before: ClusterMetadata;
    readonly after: ClusterMetadata;
  };
}

/** Stands for the id of a cluster that tells none; discovery writes it so too. */
export const UNKNOWN_CLUSTER = 'unknown';

/** Joins the answers of the brokers to one look. */
export function toClusterLook({ beganAt, endedAt, requests, ...parts }: LookParts): ClusterLook {
  const clusterId = parts.topics.after.clusterId ?? UNKNOWN_CLUSTER;
  const seen = { groups: toGroups(parts), unlisted: parts.listed.trouble, topics: toTopics(parts) };
  return { clusterId, beganAt, endedAt, requests, ...seen };
}

function toGroups({ listed, committed, descriptions }: Pick<LookParts, 'listed' | 'committed' | 'descriptions'>) {
  const here = [...listed.byBroker.values()].flat().map((group): SeenGroup => {
    const offsets = committed.get(group.group) ?? { ok: false, why: 'The group was not asked for.' };
    return {
      group: group.group,
      presence: 'here',
      facts: factsOf(group, descriptions.get(group.group)),
      offsets: offsets.ok ? offsets.offsets : null,
      trouble: offsets.ok ? null : offsets.why,
    };
  });
  const gone = listed.gone.map((group): SeenGroup => ({ group, presence: 'gone', ...NOTHING }));
  const unsure = [...listed.unsure].map(
    ([group, trouble]): SeenGroup => ({ group, presence: 'unsure', ...NOTHING, trouble }),
  );
  return [...here, ...gone, ...unsure];
}

const NOTHING = { facts: null, offsets: null, trouble: null };

/**
 * State and members. What a coordinator says of a group it was asked for under another protocol is not taken: such a
 * group is not describable, and never `Dead`.
 */
export function factsOf(listed: ListedGroup, description: GroupDescription | undefined): GroupFacts {
  const { type, protocolType } = listed;
  const state = stateOf(listed, description);
  if (state === null || description === undefined || description.errorCode !== 0) {
    const why = whyNot(listed, description);
    return { type, protocolType, state: null, undescribable: why, memberCount: null, members: [] };
  }
  const sorted = [...description.members].sort((a, b) =>
    `${a.clientId}\0${a.host}` < `${b.clientId}\0${b.host}` ? -1 : 1,
  );
  return {
    ...{ type, protocolType, state, undescribable: null },
    memberCount: sorted.length,
    members: sorted.slice(0, MEMBERS_KEPT),
  };
}

function stateOf(listed: ListedGroup, description: GroupDescription | undefined): string | null {
  const state = listed.state !== null && listed.state !== '' ? listed.state : (description?.state ?? null);
  return state === 'Dead' || state === '' ? null : state;
}

function whyNot({ type }: ListedGroup, description: GroupDescription | undefined): string {
  if (type !== null && type !== 'classic' && type !== 'consumer') {
    return `A ${type} group keeps no committed offsets that could be compared.`;
  }
  if (description !== undefined && description.errorCode !== 0) return groupTrouble(description.errorCode);
  if (type === 'consumer' || description?.state === 'Dead') {
    return 'The group speaks the consumer protocol of KIP-848, which this broker does not describe.';
  }
  return 'Its coordinator did not answer.';
}

function toTopics({ watermarks, topics }: Pick<LookParts, 'watermarks' | 'topics'>): readonly SeenTopic[] {
  const idsBefore = new Map(topics.before.topics.map(({ topic, topicId }) => [topic, topicId]));
  return topics.after.topics
    .filter(({ topic }) => topics.wanted.has(topic))
    .map((topic) => {
      const { topic: name, topicId } = topic;
      if (idsBefore.get(name) !== topicId) {
        return { topic: name, topicId, partitions: [], trouble: 'The topic was created anew while it was looked at.' };
      }
      return { topic: name, topicId, ...partitionsOf(topic, watermarks) };
    });
}

function partitionsOf(topic: TopicMetadata, { highs, lows, troubles }: Watermarks) {
  const seen = topic.partitions.flatMap(({ partition }) => {
    const key = partitionKey({ topic: topic.topic, partition });
    const [low, high] = [lows.get(key), highs.get(key)];
    return low === undefined || high === undefined ? [] : [{ partition, low, high }];
  });
  const unasked = seen.length < topic.partitions.length ? 'A partition has only just appeared.' : null;
  return { partitions: seen, trouble: troubles.get(topic.topic) ?? unasked };
}
