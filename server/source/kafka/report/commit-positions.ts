import type { ReadPartition } from '../fetch/fetch-loop.ts';
import type { GroupMember } from '../group/group-member.ts';

/** Tells Kafka how far we are, for lag tools alone: where to go on is stored with the records. */
export interface PositionCommitter {
  /**
   * Commits the positions that have moved since they were last committed. A refusal is made up for at the next call.
   */
  commit(readers: readonly ReadPartition[], member: GroupMember | null): Promise<void>;
}

export function createPositionCommitter(): PositionCommitter {
  const committed = new Map<string, bigint>();
  return {
    async commit(readers, member) {
      const moved = readers
        .filter(({ key, reader }) => committed.get(key) !== reader.position)
        .map(({ key, reader: { partition, position } }) => ({ key, ...partition, offset: position }));
      if (moved.length === 0 || member === null) return;
      if (!(await member.commit(moved))) return;
      for (const { key, offset } of moved) committed.set(key, offset);
    },
  };
}
