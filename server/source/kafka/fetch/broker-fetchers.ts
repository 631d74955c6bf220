import { createWake, type Wake } from '../../wake.ts';
import type { Backfill } from '../backfill/backfill.ts';
import type { Discovery } from '../cluster/discover-topics.ts';
import type { TopicMap } from '../cluster/topic-map.ts';
import { connectionTrouble } from '../connection/connection-trouble.ts';
import { pause } from '../pause.ts';
import type { UnreadableReport } from '../report/unreadable-report.ts';
import type { SessionContext } from '../session-context.ts';
import type { AssignedReaders } from './assigned-readers.ts';
import { type ReadPartition, runFetchLoop } from './fetch-loop.ts';

/** One fetch loop for each broker that was seen in this session. */
export interface BrokerFetchers {
  /** Sees to it that each broker of the cluster has its loop. */
  start(): void;
  /** Some partition may be fetched again. */
  ring(): void;
}

interface BrokerFetcherParts {
  readers(): AssignedReaders;
  readonly report: UnreadableReport;
  readonly backfill: Backfill;
}

const RETRY_MS = 1_000;

/**
 * The loops run for as long as the session lasts. Losing the only broker loses the session; of several, one may go: its
 * partitions find another leader, and are shown as unreadable until then.
 */
export function createBrokerFetchers(
  context: SessionContext,
  topics: TopicMap,
  { readers, report, backfill }: BrokerFetcherParts,
): BrokerFetchers {
  const { ending } = context;
  const wakes = new Map<number, Wake>();

  let shares: { of: readonly ReadPartition[]; by: Discovery; byNode: ReadonlyMap<number, ReadPartition[]> } | null =
    null;

  /** Shared out by leader anew only when the readers or the leaders are others than before. */
  const partitionsOf = (nodeId: number): readonly ReadPartition[] => {
    const [of, by] = [readers().list(), topics.discovery];
    if (shares?.of !== of || shares.by !== by) shares = { of, by, byNode: byLeader(of, by) };
    return shares.byNode.get(nodeId) ?? [];
  };

  async function fetchFrom(nodeId: number, wake: Wake): Promise<void> {
    while (!ending.aborted) {
      try {
        if (partitionsOf(nodeId).length === 0) await wake.sleep(RETRY_MS, ending);
        else await fetchUntilLost(nodeId, wake);
      } catch (error) {
        if (ending.aborted) return;
        topics.connections.drop(nodeId);
        if (topics.discovery.brokers.length <= 1) return context.failed(error);
        const reason = `Broker ${nodeId}, which leads a partition, does not answer (${connectionTrouble(error)}).`;
        for (const { reader } of partitionsOf(nodeId)) report.note(reader.partition, reason);
        topics.discoverNow.ring();
        await pause(RETRY_MS, ending);
      }
    }
  }

  async function fetchUntilLost(nodeId: number, wake: Wake): Promise<void> {
    await runFetchLoop({
      connection: await topics.connections.to(nodeId),
      partitions: () => partitionsOf(nodeId),
      bufferedBytes: () => readers().bufferedBytes(),
      wake,
      backfill,
      onFetched: () => readers().pump(),
      onStale: () => topics.discoverNow.ring(),
      onTrouble: (partition, reason) => report.note(partition, reason),
      signal: ending,
    });
  }

  return {
    start() {
      for (const { nodeId } of topics.discovery.brokers) {
        if (wakes.has(nodeId)) continue;
        const wake = createWake();
        wakes.set(nodeId, wake);
        void fetchFrom(nodeId, wake);
      }
    },
    ring() {
      for (const wake of wakes.values()) wake.ring();
    },
  };
}

function byLeader(items: readonly ReadPartition[], discovery: Discovery): Map<number, ReadPartition[]> {
  const groups = new Map<number, ReadPartition[]>();
  for (const item of items) {
    const leader = discovery.leaderOf(item.key);
    if (leader === null) continue;
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [item]);
    else group.push(item);
  }
  return groups;
}
