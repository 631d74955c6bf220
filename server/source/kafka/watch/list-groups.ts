import type { LookWish } from '../../../ports/cluster-watch.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import type { BrokerAddress } from '../wire/metadata-request.ts';
import type { Answered, BrokerAsks } from './broker-asks.ts';
import { describeConsumerGroupsRequest } from './describe-consumer-groups-request.ts';
import { describeGroupsRequest } from './describe-groups-request.ts';
import { findCoordinatorsRequests } from './find-coordinators-request.ts';
import type { GroupDescription } from './group-description.ts';
import { GROUP_ID_NOT_FOUND, groupTrouble } from './group-trouble.ts';
import { type ListedGroup, listGroupsRequest } from './list-groups-request.ts';

/** Every group that is accounted for in a look. */
export interface ListedGroups {
  /** By the broker that coordinates it. */
  readonly byBroker: ReadonlyMap<number, readonly ListedGroup[]>;
  /** Known before, and not there any more. */
  readonly gone: readonly string[];
  /** Known before, and nobody could say whether it is still there; with the reason. */
  readonly unsure: ReadonlyMap<string, string>;
  /** Why a broker did not list its groups; null when all did. */
  readonly trouble: string | null;
}

type Known = LookWish['groups'];

/** Groups whose whereabouts are asked for in one look, while brokers take one question each. */
const MISSING_AT_ONCE = 200;

/**
 * Asks every broker for the groups it coordinates. A group that was known and is listed by none is looked for at its
 * coordinator: only when that one says so is it gone, for a coordinator that moves is listed by nobody for a moment.
 */
export async function listGroups(
  asks: BrokerAsks,
  brokers: readonly BrokerAddress[],
  known: Known,
): Promise<ListedGroups> {
  const answers = await Promise.all(brokers.map(async ({ nodeId }) => [nodeId, await listAt(asks, nodeId)] as const));
  const seen = new Set<string>();
  const byBroker = new Map<number, readonly ListedGroup[]>();
  for (const [nodeId, answer] of answers) {
    if (!answer.ok) continue;
    const fresh = answer.value.filter(({ group }) => !seen.has(group));
    for (const { group } of fresh) seen.add(group);
    byBroker.set(nodeId, fresh);
  }
  const missing = known.filter(({ group }) => !seen.has(group));
  const failure = answers.flatMap(([, answer]) => (answer.ok ? [] : [answer.why]))[0] ?? null;
  return { byBroker, trouble: failure, ...(await lookForMissing(asks, brokers, missing, failure)) };
}

async function listAt(asks: BrokerAsks, nodeId: number): Promise<Answered<readonly ListedGroup[]>> {
  const answer = await asks.ask(nodeId, (to) => listGroupsRequest(to.maxVersion(API_KEYS.listGroups)));
  if (!answer.ok) return answer;
  const { errorCode, groups } = answer.value;
  return errorCode === 0 ? { ok: true, value: groups } : { ok: false, why: groupTrouble(errorCode) };
}

async function lookForMissing(
  asks: BrokerAsks,
  brokers: readonly BrokerAddress[],
  missing: Known,
  failure: string | null,
): Promise<Pick<ListedGroups, 'gone' | 'unsure'>> {
  const unsure = new Map<string, string>();
  // While a broker does not list its groups, any that is missing may be one of its own.
  const doubt = failure ?? 'It is not known whether the group is still there.';
  for (const { group } of missing) unsure.set(group, doubt);
  const [anyBroker] = brokers;
  if (missing.length === 0 || failure !== null || anyBroker === undefined) return { gone: [], unsure };
  const asked = missing.slice(0, MISSING_AT_ONCE);
  const names = asked.map(({ group }) => group);
  const found = await asks.askAll(anyBroker.nodeId, (to) =>
    findCoordinatorsRequests(names, to.maxVersion(API_KEYS.findCoordinator)),
  );
  if (!found.ok) return { gone: [], unsure };
  const types = new Map(asked.map(({ group, type }) => [group, type]));
  const gone: string[] = [];
  for (const { group, errorCode, nodeId } of found.value) {
    if (errorCode !== 0) unsure.set(group, groupTrouble(errorCode));
    else if (await isUnknownAt(asks, nodeId, group, types.get(group) ?? null)) gone.push(group);
  }
  for (const group of gone) unsure.delete(group);
  return { gone, unsure };
}

/** Whether the coordinator itself says that there is no such group. */
async function isUnknownAt(asks: BrokerAsks, nodeId: number, group: string, type: string | null): Promise<boolean> {
  const answer = await asks.ask<readonly GroupDescription[]>(nodeId, (to) =>
    type === 'consumer' && to.broker.versions?.[API_KEYS.consumerGroupDescribe] !== undefined
      ? describeConsumerGroupsRequest([group], to.maxVersion(API_KEYS.consumerGroupDescribe))
      : describeGroupsRequest([group], to.maxVersion(API_KEYS.describeGroups)),
  );
  const described = answer.ok ? answer.value[0] : undefined;
  if (described === undefined) return false;
  return described.errorCode === GROUP_ID_NOT_FOUND || (described.errorCode === 0 && described.state === 'Dead');
}
