import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { declaredServices, type GroupRule, servicesOfGroups } from './group-service.ts';

const SERVICES = ['orders', 'orders-billing', 'omninode_bridge', 'Mail', 'mail'];

const ofGroup = (groupId: string, rules: readonly GroupRule[] = []) =>
  servicesOfGroups(SERVICES, declaredServices(rules))(groupId);

it.each([
  ['orders-billing-consumer', ['orders-billing']],
  ['orders-workers', ['orders']],
  ['demo.omninode-bridge.persist.consume.v1', ['omninode_bridge']],
  ['MAIL', ['Mail', 'mail']],
  ['audit-orders', []],
  ['demo.reports.orders.v1', []],
  ['ordersconsumer', []],
])('%s is of %j', (groupId, services) => {
  expect(ofGroup(groupId)).toEqual(services);
});

test('the first rule that matches says whose a group is, also where its service is not among those', () => {
  const rules = [
    { group: '^etl-', service: 'Orders' },
    { group: 'etl-mail', service: 'mail' },
    { group: 'orders-x', service: 'nobody' },
  ];
  expect(ofGroup('etl-mail', rules)).toEqual(['orders']);
  expect(ofGroup('orders-x', rules)).toEqual([]);
  expect(ofGroup('orders-y', rules)).toEqual(['orders']);
});

test('a group whose name begins with those of several services is of the longest', () => {
  const word = fc.constantFrom('a', 'b', 'ab', 'dev');
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('-'));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 8 }), name, (services, group) => {
      const begins = (text: string) =>
        services.filter((service) => `${text}-`.startsWith(`${service}-`)).sort((a, b) => b.length - a.length);
      const bare = group.startsWith('dev-') ? begins(group.slice('dev-'.length)) : [];
      const [longest] = [...bare, ...begins(group)];
      expect(servicesOfGroups(services, () => null)(group)).toEqual(longest === undefined ? [] : [longest]);
    }),
  );
});
