import { connectKafka, type KafkaAccess, type KafkaConnection } from '../connection/kafka-connection.ts';
import { kafkaErrorCode } from '../connection/kafka-error-code.ts';
import {
  ASSIGNMENT_PROTOCOL,
  decodeAssignment,
  encodeAssignment,
  encodeSubscription,
  type NamedPartition,
  shareOut,
} from './kafka-group-protocol.ts';

export interface GroupMemberOptions {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly identity: MemberIdentity;
}

/**
 * Who we are to the group. Kept over a lost connection, so that the group need not wait until our old self is given up.
 */
export interface MemberIdentity {
  /** Given by Kafka; empty before the first join. */
  memberId: string;
}

/** What a join brought. */
export interface Assignment {
  /** Kafka's number of this share-out; it grows for as long as the group lives. */
  readonly generation: number;
  readonly leader: boolean;
  readonly partitions: readonly NamedPartition[];
}

/**
 * Membership in the consumer group that shares the partitions among taps. All calls reject when the connection is lost.
 */
export interface GroupMember {
  /** Joins, or joins anew; `all` is what there is to share out should this member be the leader. */
  join(all: readonly NamedPartition[]): Promise<Assignment>;
  /** `rejoin`: the group is being shared out anew, join again. */
  heartbeat(): Promise<'fine' | 'rejoin'>;
  /**
   * Tells Kafka how far we are. Only lag tools read this: where to go on is stored with the records. Answers false when
   * it did not work, which is harmless: the same positions, or later ones, are told at the next turn.
   */
  commit(positions: readonly (NamedPartition & { readonly offset: bigint })[]): Promise<boolean>;
  /** Leaves, so that others take over at once. */
  leave(): Promise<void>;
}

const GROUP_COORDINATOR = 0;

/** Kafka's error codes by which a member is told to join again. */
const REJOIN = { REBALANCE_IN_PROGRESS: 27, ILLEGAL_GENERATION: 22, UNKNOWN_MEMBER_ID: 25 } as const;

/** Finds the group's coordinator through `through` and connects to it. */
export async function createGroupMember(
  through: KafkaConnection,
  access: KafkaAccess,
  life: AbortSignal,
  options: GroupMemberOptions,
): Promise<GroupMember> {
  const { groupId } = options;
  const found = await through.broker.findGroupCoordinator({ groupId, coordinatorType: GROUP_COORDINATOR });
  const connection = await connectKafka(found.coordinator.host, found.coordinator.port, access, life);
  return new Member(connection, options);
}

class Member implements GroupMember {
  private readonly connection: KafkaConnection;
  private readonly options: GroupMemberOptions;
  private readonly self: MemberIdentity;
  private generationId = -1;

  constructor(connection: KafkaConnection, options: GroupMemberOptions) {
    this.connection = connection;
    this.options = options;
    this.self = options.identity;
  }

  async join(all: readonly NamedPartition[]): Promise<Assignment> {
    for (;;) {
      try {
        return await this.joinOnce(all);
      } catch (error) {
        const code = kafkaErrorCode(error);
        if (code === REJOIN.UNKNOWN_MEMBER_ID) this.self.memberId = '';
        if (!isRejoin(code)) throw error;
      }
    }
  }

  private async joinOnce(all: readonly NamedPartition[]): Promise<Assignment> {
    const { broker } = this.connection;
    const topics = [...new Set(all.map(({ topic }) => topic))];
    const joined = await broker.joinGroup({
      ...this.identity,
      sessionTimeout: this.options.sessionTimeoutMs,
      rebalanceTimeout: this.options.rebalanceTimeoutMs,
      groupProtocols: [{ name: ASSIGNMENT_PROTOCOL, metadata: encodeSubscription(topics) }],
    });
    this.self.memberId = joined.memberId;
    this.generationId = joined.generationId;
    const leader = joined.leaderId === joined.memberId;
    const members = joined.members.map(({ memberId }) => memberId);
    const shares = leader ? [...shareOut(members, all)] : [];
    const synced = await broker.syncGroup({
      ...this.identity,
      generationId: this.generationId,
      groupAssignment: shares.map(([memberId, partitions]) => ({
        memberId,
        memberAssignment: encodeAssignment(partitions),
      })),
    });
    return {
      generation: joined.generationId,
      leader,
      partitions: decodeAssignment(synced.memberAssignment ?? Buffer.alloc(0)),
    };
  }

  async heartbeat(): Promise<'fine' | 'rejoin'> {
    try {
      await this.connection.broker.heartbeat({ ...this.identity, groupGenerationId: this.generationId });
      return 'fine';
    } catch (error) {
      const code = kafkaErrorCode(error);
      if (code === REJOIN.UNKNOWN_MEMBER_ID) this.self.memberId = '';
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
    if (this.self.memberId !== '') await this.connection.broker.leaveGroup(this.identity).catch(() => undefined);
    this.self.memberId = '';
  }

  private get identity(): { groupId: string; memberId: string } {
    return { groupId: this.options.groupId, memberId: this.self.memberId };
  }
}

function isRejoin(code: number | null): boolean {
  return (
    code === REJOIN.REBALANCE_IN_PROGRESS || code === REJOIN.ILLEGAL_GENERATION || code === REJOIN.UNKNOWN_MEMBER_ID
  );
}
