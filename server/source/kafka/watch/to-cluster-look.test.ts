import { describe, expect, it } from 'vitest';
import type { GroupDescription } from './group-description.ts';
import { factsOf } from './to-cluster-look.ts';

const listed = (change: object = {}) => ({ group: 'g', protocolType: 'consumer', state: null, type: null, ...change });
const described = (state: string, change: Partial<GroupDescription> = {}): GroupDescription => ({
  ...{ group: 'g', errorCode: 0, state, members: [] },
  ...change,
});

describe('factsOf', () => {
  it('never calls a group dead that is listed', () => {
    for (const facts of [
      factsOf(listed(), described('Dead')),
      factsOf(listed({ type: 'consumer' }), undefined),
      factsOf(listed({ type: 'consumer', state: 'Stable' }), undefined),
      factsOf(listed({ type: 'classic', state: 'Dead' }), described('Dead')),
    ]) {
      expect(facts).toMatchObject({ state: null, memberCount: null });
      expect(facts.undescribable).toMatch(/\.$/);
    }
  });

  it('takes the state from the description where the list has none', () => {
    expect(factsOf(listed(), described('Stable'))).toMatchObject({
      state: 'Stable',
      memberCount: 0,
      undescribable: null,
    });
  });

  it('says why a group is not describable', () => {
    expect(factsOf(listed({ type: 'share' }), undefined).undescribable).toMatch(/share group/);
    expect(factsOf(listed({ type: 'classic' }), described('', { errorCode: 30 })).undescribable).toMatch(/ACL/);
    expect(factsOf(listed({ type: 'consumer' }), undefined).undescribable).toMatch(/KIP-848/);
    expect(factsOf(listed({ type: 'classic' }), undefined).undescribable).toMatch(/did not answer/);
  });

  it('keeps fifty members, sorted, and counts all', () => {
    const members = Array.from({ length: 60 }, (_, index) => ({
      ...{ clientId: `c${String(59 - index).padStart(2, '0')}`, host: '/h', instanceId: null },
    }));
    const facts = factsOf(listed({ type: 'classic', state: 'Stable' }), described('Stable', { members }));
    expect([facts.memberCount, facts.members.length, facts.members[0]?.clientId]).toEqual([60, 50, 'c00']);
  });
});
