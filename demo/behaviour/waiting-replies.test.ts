import { describe, expect, it } from 'vitest';
import { SeenEvents } from './seen-events.ts';
import { WaitingReplies } from './waiting-replies.ts';

describe('requests that wait for a reply', () => {
  it('count an answer once, and strangers never', () => {
    const waiting = new WaitingReplies(10);
    waiting.asked('a');
    waiting.asked('b');
    for (const id of ['a', 'a', 'stranger']) waiting.replied(id);
    expect(waiting.counts()).toEqual({ asked: 2, answered: 1, waiting: 1 });
  });

  it('stay bounded when nobody answers: the oldest is given up', () => {
    const waiting = new WaitingReplies(3);
    for (const id of ['a', 'b', 'c', 'd']) waiting.asked(id);
    waiting.replied('a');
    waiting.replied('d');
    expect(waiting.counts()).toEqual({ asked: 4, answered: 1, waiting: 2 });
  });
});

describe('events that were handled', () => {
  const event = (eventId: string | null, type = 'T') => ({
    topic: 't',
    correlationId: 'c',
    eventId,
    type,
    payload: {},
  });

  it('are known by event id, else by type and conversation, up to a bound', () => {
    const seen = new SeenEvents(2);
    expect([event('1'), event('1'), event(null), event(null), event(null, 'U')].map((it) => seen.first(it))).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(seen.first(event('1'))).toBe(true);
  });
});
