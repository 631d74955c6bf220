import type { Millis } from '../../../model/time.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import { API_KEYS, type KafkaRequest } from '../wire/kafka-request.ts';
import type { BrokerAsks } from './broker-asks.ts';
import { describeConsumerGroupsRequest } from './describe-consumer-groups-request.ts';
import { describeGroupsRequest } from './describe-groups-request.ts';
import type { GroupDescription } from './group-description.ts';
import type { ListedGroups } from './list-groups.ts';
import type { ListedGroup } from './list-groups-request.ts';
import type { WatchMemory } from './watch-memory.ts';

/** Members are asked for again after this long; at once when the listed state has changed. */
const DESCRIBE_AGAIN_MS = 30_000;
/** Groups in one request: members and their subscriptions may be long. */
const GROUPS_AT_ONCE = 100;

type Make = (groups: readonly string[], to: KafkaConnection) => KafkaRequest<readonly GroupDescription[]>;

const classic: Make = (groups, to) => describeGroupsRequest(groups, to.maxVersion(API_KEYS.describeGroups));
const consumer: Make = (groups, to) =>
  describeConsumerGroupsRequest(groups, to.maxVersion(API_KEYS.consumerGroupDescribe));

/**
 * Describes the groups whose members are not known, are old, or whose state has changed, by the protocol each speaks.
 * Those it cannot ask for (a broker without ConsumerGroupDescribe, share groups) are left without a description.
 */
export async function describeGroups(
  asks: BrokerAsks,
  { byBroker }: ListedGroups,
  memory: WatchMemory,
  now: Millis,
): Promise<ReadonlyMap<string, GroupDescription>> {
  const { descriptions } = memory;
  const listed = new Set([...byBroker.values()].flatMap((groups) => groups.map(({ group }) => group)));
  for (const group of descriptions.keys()) if (!listed.has(group)) descriptions.delete(group);

  const isDue = ({ group, state }: ListedGroup): boolean => {
    const kept = descriptions.get(group);
    return kept === undefined || kept.listedState !== state || now - kept.askedAt >= DESCRIBE_AGAIN_MS;
  };
  const ask = async (nodeId: number, groups: readonly ListedGroup[], make: Make): Promise<void> => {
    const states = new Map(groups.map(({ group, state }) => [group, state]));
    const names = [...states.keys()];
    const answer = await asks.askAll(nodeId, (to) =>
      speaks(to, make) ? chunks(names).map((chunk) => make(chunk, to)) : [],
    );
    if (!answer.ok) return;
    for (const description of answer.value) {
      const listedState = states.get(description.group) ?? null;
      descriptions.set(description.group, { description, listedState, askedAt: now });
    }
  };
  await Promise.all(
    [...byBroker].flatMap(([nodeId, groups]) => {
      const due = groups.filter(isDue);
      return [
        ask(
          nodeId,
          due.filter(({ type }) => type === null || type === 'classic'),
          classic,
        ),
        ask(
          nodeId,
          due.filter(({ type }) => type === 'consumer'),
          consumer,
        ),
      ];
    }),
  );
  return new Map([...descriptions].map(([group, kept]) => [group, kept.description]));
}

function speaks(to: KafkaConnection, make: Make): boolean {
  return make === classic || to.broker.versions?.[API_KEYS.consumerGroupDescribe] !== undefined;
}

function chunks(groups: readonly string[]): string[][] {
  const count = Math.ceil(groups.length / GROUPS_AT_ONCE);
  return Array.from({ length: count }, (_, index) =>
    groups.slice(index * GROUPS_AT_ONCE, (index + 1) * GROUPS_AT_ONCE),
  );
}
