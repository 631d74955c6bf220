import type { QueueNames } from '../../model/dead-letter-queue.ts';
import type { TopicRole } from '../../ports/alert-readings.ts';
import type { Queryable } from '../transaction.ts';
import { type KnownQueue, readKnownQueues } from './known-queues.ts';

/** Tells what a topic of a cluster is to dead letters. */
export type RoleOf = (place: { readonly cluster: string; readonly topic: string }) => TopicRole;

/** What topics are, by all that says so (see `readKnownQueues`); of one that is gone the rules and its name alone speak. */
export async function readTopicRoles(client: Queryable, workspaceId: number, names: QueueNames): Promise<RoleOf> {
  return topicRoles(await readKnownQueues(client, workspaceId, names), names);
}

/** The same where the queues are known. */
export function topicRoles(queues: readonly KnownQueue[], names: QueueNames): RoleOf {
  const known = new Map(queues.map((queue) => [keyOf(queue), queue.kind]));
  return (place) => known.get(keyOf(place)) ?? roleByName(place.topic, names);
}

function keyOf({ cluster, topic }: Parameters<RoleOf>[0]): string {
  return JSON.stringify([cluster, topic]);
}

function roleByName(topic: string, names: QueueNames): TopicRole {
  const queue = names.queueOf(topic);
  if (queue !== null) return queue.kind;
  return names.topicName(topic).kind === 'telemetry' ? 'telemetry' : 'events';
}
