import { connectKafka, type KafkaAccess, type KafkaConnection } from './kafka-connection.ts';
import {
  ASSIGNMENT_PROTOCOL,
  decodeAssignment,
  encodeAssignment,
  encodeSubscription,
  type NamedPartition,
  shareOut,
} from './kafka-group-protocol.ts';

export interface GroupTimes {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
}

/** What a join brought. */
export interface Assignment {
  readonly leader: boolean;
  readonly partitions: readonly NamedPartition[];
}

/** Membership in the consumer group that shares the partitions among taps. All calls reject when the connection is lost. */
export interface GroupMember {
  /** Joins, or joins anew; `all` is what there is to share out should this member be the leader. */
  join(all: readonly NamedPartition[]): Promise<Assignment>;
  /** `rejoin`: the group is being shared out anew, join again. */
  heartbeat(): Promise<'fine' | 'rejoin'>;
  /** Tells Kafka how far we are, for lag tools. Answers false when Kafka refused; nothing depends on it. */
  commit(positions: readonly (NamedPartition & { readonly offset: bigint })[]): Promise<boolean>;
  /** Leaves, so that others take over at once; and lets go of the connection. */
  leave(): Promise<void>;
  close(): void;
}

const GROUP_COORDINATOR = 0;

/** Kafka's error codes by which a member is told to join again. */
const REJOIN = { REBALANCE_IN_PROGRESS: 27, ILLEGAL_GENERATION: 22, UNKNOWN_MEMBER_ID: 25 } as const;

/** Finds the group's coordinator through `through` and connects to it. */
export async function createGroupMember(
  through: KafkaConnection,
  groupId: string,
  access: KafkaAccess,
  times: GroupTimes,
): Promise<GroupMember> {
  const found = await through.broker.findGroupCoordinator({ groupId, coordinatorType: GROUP_COORDINATOR });
  const connection = await connectKafka(found.coordinator.host, found.coordinator.port, access);
  return new Member(connection, groupId, times);
}

class Member implements GroupMember {
  private readonly connection: KafkaConnection;
  private readonly groupId: string;
  private readonly times: GroupTimes;
  private memberId = '';
  private generationId = -1;

  constructor(connection: KafkaConnection, groupId: string, times: GroupTimes) {
    this.connection = connection;
    this.groupId = groupId;
    this.times = times;
  }

  async join(all: readonly NamedPartition[]): Promise<Assignment> {
    for (;;) {
      try {
        return await this.joinOnce(all);
      } catch (error) {
        const code = kafkaCode(error);
        if (code === REJOIN.UNKNOWN_MEMBER_ID) this.memberId = '';
        if (!isRejoin(code)) throw error;
      }
    }
  }

  private async joinOnce(all: readonly NamedPartition[]): Promise<Assignment> {
    const { broker } = this.connection;
    const topics = [...new Set(all.map(({ topic }) => topic))];
    const joined = await broker.joinGroup({
      groupId: this.groupId,
      memberId: this.memberId,
      sessionTimeout: this.times.sessionTimeoutMs,
      rebalanceTimeout: this.times.rebalanceTimeoutMs,
      groupProtocols: [{ name: ASSIGNMENT_PROTOCOL, metadata: encodeSubscription(topics) }],
    });
    this.memberId = joined.memberId;
    this.generationId = joined.generationId;
    const leader = joined.leaderId === joined.memberId;
    const members = joined.members.map(({ memberId }) => memberId);
    const shares = leader ? [...shareOut(members, all)] : [];
    const synced = await broker.syncGroup({
      groupId: this.groupId,
      memberId: this.memberId,
      generationId: this.generationId,
      groupAssignment: shares.map(([memberId, partitions]) => ({
        memberId,
        memberAssignment: encodeAssignment(partitions),
      })),
    });
    return { leader, partitions: decodeAssignment(synced.memberAssignment ?? Buffer.alloc(0)) };
  }

  async heartbeat(): Promise<'fine' | 'rejoin'> {
    try {
      await this.connection.broker.heartbeat({ ...this.identity, groupGenerationId: this.generationId });
      return 'fine';
    } catch (error) {
      const code = kafkaCode(error);
      if (code === REJOIN.UNKNOWN_MEMBER_ID) this.memberId = '';
      if (isRejoin(code)) return 'rejoin';
      throw error;
    }
  }

  async commit(positions: readonly (NamedPartition & { readonly offset: bigint })[]): Promise<boolean> {
    const topics = positions.map(({ topic, partition, offset }) => ({
      topic,
      partitions: [{ partition, offset: String(offset) }],
    }));
    const request = { ...this.identity, groupGenerationId: this.generationId, topics };
    return this.connection.broker.offsetCommit(request).then(
      () => true,
      () => false,
    );
  }

  async leave(): Promise<void> {
    if (this.memberId !== '') await this.connection.broker.leaveGroup(this.identity).catch(() => undefined);
    this.close();
  }

  close(): void {
    this.connection.close();
  }

  private get identity(): { groupId: string; memberId: string } {
    return { groupId: this.groupId, memberId: this.memberId };
  }
}

function isRejoin(code: number | null): boolean {
  return (
    code === REJOIN.REBALANCE_IN_PROGRESS || code === REJOIN.ILLEGAL_GENERATION || code === REJOIN.UNKNOWN_MEMBER_ID
  );
}

function kafkaCode(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}
