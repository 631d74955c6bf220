import { describe, expect, it } from 'vitest';
import { declaredServices } from '../model/group-service.ts';
import { EMPTY_TOPOLOGY } from '../model/trace.ts';
import { deriveTopology, nextTopology, type ObservedCause, type TopologyFacts } from './derive-topology.ts';

const SERVICES = ['orders', 'orders-billing', 'archon-bridge', 'omninode_bridge', 'Mail'].map((name, at) => ({
  name,
  id: at + 1,
}));

const derived = (facts: Partial<TopologyFacts>) =>
  deriveTopology({ groups: [], services: SERVICES, declared: () => null, observed: [], ...facts });

/** The names of the services that read topic `t` by a group of this name. */
const readersBy = (groupId: string, rules: Record<string, string> = {}) => {
  const { consumes } = derived({
    groups: [{ groupId, topics: ['t'] }],
    declared: declaredServices(Object.entries(rules).map(([group, service]) => ({ group, service }))),
  });
  return SERVICES.filter(({ id }) => consumes.get(id)?.has('t')).map(({ name }) => name);
};

describe('the service of a group', () => {
  it.each([
    ['prod.archon-bridge.stamper.consume.v1', 'archon-bridge'],
    ['archon-bridge.stamper.consume.v1', 'archon-bridge'],
    ['mail-consumer', 'Mail'],
    ['orders', 'orders'],
    ['orders-workers-2', 'orders'],
    ['orders-billing-consumer', 'orders-billing'],
    ['dev-orders-consumer', 'orders'],
    ['omninode-bridge-consumer', 'omninode_bridge'],
    ['OMNINODE_BRIDGE_CONSUMER', 'omninode_bridge'],
  ])('%s is %s', (groupId, service) => {
    expect(readersBy(groupId)).toEqual([service]);
  });

  it.each(['ordersconsumer', 'reports-consumer', 'prod', '', '-', 'constructor', '__proto__'])(
    'is not known by the name "%s", and that is said',
    (groupId) => {
      const { consumes, unknownGroups } = derived({ groups: [{ groupId, topics: ['t'] }] });
      expect([consumes.size, unknownGroups]).toEqual([0, [groupId]]);
    },
  );

  it('is the declared one, whatever its name says', () => {
    expect(readersBy('orders-consumer', { 'orders-consumer': 'mail' })).toEqual(['Mail']);
    expect(readersBy('g-17', { '^g-\\d+$': 'orders', 'g-17': 'mail' })).toEqual(['orders']);
  });

  it('is not guessed where the declared one makes no events', () => {
    expect(readersBy('orders-consumer', { 'orders-consumer': 'nobody' })).toEqual([]);
  });
});

describe('what events named as causes', () => {
  const cause = (more: Partial<ObservedCause>): ObservedCause => ({
    causeTopic: 'asks',
    causeTypeId: 1,
    effectServiceId: 2,
    effectTypeId: 5,
    hops: 3,
    ...more,
  });

  it('shows what a service consumes, once it is no accident', () => {
    const { consumes } = derived({
      observed: [cause({ hops: 2 }), cause({ hops: 1, effectTypeId: 6 }), cause({ causeTopic: 'x', hops: 2 })],
    });
    expect(consumes).toEqual(new Map([[2, new Set(['asks'])]]));
  });

  it('shows what types follow from what, exceptions left out', () => {
    const { causeTypes } = derived({
      observed: [cause({ hops: 1000 }), cause({ causeTypeId: 9, hops: 30 }), cause({ causeTypeId: 7, hops: 15 })],
    });
    expect(causeTypes).toEqual(new Map([['2/5', new Set([1, 9])]]));
  });

  it('is added to what groups show', () => {
    const groups = [{ groupId: 'orders-billing-consumer', topics: ['bills'] }];
    expect(derived({ groups, observed: [cause({})] }).consumes.get(2)).toEqual(new Set(['bills', 'asks']));
  });
});

describe('a topology', () => {
  const groups = [
    { groupId: 'orders-consumer', topics: ['a', 'b'] },
    { groupId: 'mail-consumer', topics: ['c'] },
  ];

  it('keeps its version while nothing changes but order and counts', () => {
    const observed = (hops: number) => [{ causeTopic: 'a', causeTypeId: 1, effectServiceId: 1, effectTypeId: 2, hops }];
    const first = nextTopology(EMPTY_TOPOLOGY, derived({ groups, observed: observed(5) }));
    expect(first.version).toBe(2);
    expect(nextTopology(first, derived({ groups: groups.toReversed(), observed: observed(500) }))).toBe(first);
  });

  it('has the next version when a topic comes or goes', () => {
    const first = nextTopology(EMPTY_TOPOLOGY, derived({ groups }));
    const less = nextTopology(first, derived({ groups: groups.slice(0, 1) }));
    expect([first.version, less.version, nextTopology(less, derived({ groups })).version]).toEqual([2, 3, 4]);
  });
});
