import { describe, expect, it } from 'vitest';
import type { FetchPartition } from '../wire/fetch-request.ts';
import { createFetchSession } from './fetch-session.ts';

function wanted(...items: readonly (readonly [topic: string, offset: bigint, topicId?: string])[]) {
  const partitions = items.map(
    ([topic, offset, topicId]): FetchPartition => ({ topic, topicId: topicId ?? `id-${topic}`, partition: 0, offset }),
  );
  return new Map(partitions.map((partition) => [partition.topic, partition]));
}

const topicsOf = (partitions: readonly FetchPartition[]): string[] => partitions.map(({ topic }) => topic);

describe('a fetch session', () => {
  it('asks for everything first, then for what has moved, come or gone', () => {
    const session = createFetchSession();
    const full = session.ask(wanted(['a', 0n], ['b', 5n]));
    expect([full.sessionId, full.epoch, topicsOf(full.changed)]).toEqual([0, 0, ['a', 'b']]);
    session.answered(77);
    const quiet = session.ask(wanted(['a', 0n], ['b', 5n]));
    expect(quiet).toEqual({ sessionId: 77, epoch: 1, changed: [], forgotten: [] });
    session.answered(77);
    const moved = session.ask(wanted(['a', 3n], ['c', 1n]));
    expect([moved.epoch, topicsOf(moved.changed), topicsOf(moved.forgotten)]).toEqual([2, ['a', 'c'], ['b']]);
    session.answered(77);
    expect(topicsOf(session.ask(wanted(['a', 3n], ['b', 5n], ['c', 1n])).changed)).toEqual(['b']);
  });

  it('forgets the old life of a topic that was created again, and asks for the new one', () => {
    const session = createFetchSession();
    session.ask(wanted(['a', 9n, 'old']));
    session.answered(1);
    const again = session.ask(wanted(['a', 9n, 'new']));
    expect(again.forgotten.map(({ topicId }) => topicId)).toEqual(['old']);
    expect(again.changed.map(({ topicId }) => topicId)).toEqual(['new']);
  });

  it('asks for everything each time when the broker keeps no session, and after one was lost', () => {
    const session = createFetchSession();
    session.ask(wanted(['a', 0n]));
    session.answered(0);
    expect(session.ask(wanted(['a', 0n]))).toMatchObject({ sessionId: 0, epoch: 0, changed: [{ topic: 'a' }] });
    session.answered(5);
    session.ask(wanted(['a', 0n]));
    session.lost();
    const full = session.ask(wanted(['a', 0n]));
    expect(full).toMatchObject({ sessionId: 0, epoch: 0, changed: [{ topic: 'a' }], forgotten: [] });
  });
});
