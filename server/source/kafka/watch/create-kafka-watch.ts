import type { Clock } from '../../../ports/clock.ts';
import { ClusterAwayError, type ClusterLook, type ClusterWatch, type LookWish } from '../../../ports/cluster-watch.ts';
import { type BrokerConnections, createBrokerConnections } from '../connection/broker-connections.ts';
import { connectAny } from '../connection/connect-any.ts';
import { connectionTrouble } from '../connection/connection-trouble.ts';
import type { KafkaAccess, KafkaConnection } from '../connection/kafka-connection.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import { type ClusterMetadata, metadataRequest } from '../wire/metadata-request.ts';
import { createBrokerAsks } from './broker-asks.ts';
import { describeGroups } from './describe-groups.ts';
import { fetchCommitted } from './fetch-committed.ts';
import { listGroups } from './list-groups.ts';
import { lookAtConfigs } from './look-at-configs.ts';
import { sampleWatermarks } from './sample-watermarks.ts';
import { toClusterLook, UNKNOWN_CLUSTER } from './to-cluster-look.ts';
import { createWatchMemory } from './watch-memory.ts';

export interface KafkaWatchOptions extends KafkaAccess {
  readonly brokers: readonly string[];
  readonly clock: Clock;
}

/** One connected life: the broker that answered first, and connections to all that metadata names. */
interface Session {
  readonly life: AbortController;
  readonly seed: KafkaConnection;
  readonly connections: BrokerConnections;
  metadata: ClusterMetadata;
}

/**
 * Looks at groups and watermarks over connections of its own. A broker that does not answer fails for the groups and
 * partitions it has; the connection that metadata is asked over fails the whole look.
 */
export function createKafkaWatch(options: KafkaWatchOptions): ClusterWatch {
  const { clock } = options;
  const memory = createWatchMemory();
  let session: Session | null = null;

  const close = (): void => {
    session?.life.abort();
    session = null;
  };

  const guarded = async <T>(work: (open: Session) => Promise<T>): Promise<T> => {
    try {
      session ??= await connect(options);
      return await work(session);
    } catch (error) {
      const address = session?.seed.address ?? options.brokers.join(', ');
      close();
      throw new ClusterAwayError(`No answer from ${address} (${connectionTrouble(error)}).`, { cause: error });
    }
  };

  return {
    identify: () => guarded(async ({ metadata }) => metadata.clusterId ?? UNKNOWN_CLUSTER),
    look: (wish) => guarded((open) => lookOnce(open, wish)),
    configs: (topics) => guarded(({ seed }) => lookAtConfigs(seed, topics)),
    close,
  };

  async function lookOnce(open: Session, wish: LookWish): Promise<ClusterLook> {
    const before = open.metadata;
    const asks = createBrokerAsks(open.connections);
    const listed = await listGroups(asks, before.brokers, wish.groups);
    const beganAt = clock.now();
    const committed = await fetchCommitted(asks, listed);
    const endedAt = clock.now();
    const descriptions = await describeGroups(asks, listed, memory, endedAt);
    const watermarks = await sampleWatermarks(asks, before, wish.topics, memory, endedAt);
    // A topic that was created anew meanwhile has another id now: what was read of it is not used.
    open.metadata = await askMetadata(open.seed);
    return toClusterLook({
      beganAt,
      endedAt,
      listed,
      committed,
      descriptions,
      watermarks,
      topics: { wanted: wish.topics, before, after: open.metadata },
      requests: asks.count() + 1,
    });
  }
}

async function connect(options: KafkaWatchOptions): Promise<Session> {
  const life = new AbortController();
  try {
    const seed = await connectAny(options.brokers, options, life.signal);
    const session: Session = {
      life,
      seed,
      connections: createBrokerConnections(options, life.signal, () => session.metadata.brokers),
      metadata: await askMetadata(seed),
    };
    return session;
  } catch (error) {
    life.abort();
    throw error;
  }
}

function askMetadata(connection: KafkaConnection): Promise<ClusterMetadata> {
  return connection.send(metadataRequest(connection.maxVersion(API_KEYS.metadata)));
}
