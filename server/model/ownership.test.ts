import { describe, expect, test } from 'vitest';
import { createOwnership, NO_OWNER, type Owner } from './ownership.ts';

const owner = (team: string, services: readonly string[], topics: readonly string[] = []): Owner => ({
  team,
  contact: `#${team}`,
  runBook: null,
  services,
  topics,
});

const teamOf = (owners: readonly Owner[], service: string | null, topic: string | null = null) => {
  const found = createOwnership({ owners, systems: [] }).ownerOf({ service, topic });
  return found === NO_OWNER ? found : found.team;
};

describe('an owner', () => {
  test('is the first of the file that names the service or the topic', () => {
    const owners = [owner('bridge', ['omninode-bridge'], ['workflow-.*']), owner('all', ['^omni', 'x+y'], ['.'])];
    expect(teamOf(owners, 'omninode-bridge')).toBe('bridge');
    expect(teamOf(owners, 'omniclaude')).toBe('all');
    expect(teamOf(owners, null, 'workflow-executions')).toBe('bridge');
    expect(teamOf(owners, 'omniclaude', 'workflow-executions')).toBe('bridge');
    expect(teamOf(owners, 'omniclaude', 'feedback')).toBe('all');
  });

  test('of what nobody names is no owner, said so', () => {
    expect(teamOf([], 'shop')).toBe(NO_OWNER);
    expect(teamOf([owner('bridge', ['omninode-bridge'])], 'shop', 'orders')).toBe(NO_OWNER);
    expect(teamOf([owner('bridge', ['omninode-bridge'])], null)).toBe(NO_OWNER);
  });

  test('named by a plain name owns only that name, by a pattern all that hold it', () => {
    expect(teamOf([owner('a', ['shop'])], 'shop-eu')).toBe(NO_OWNER);
    expect(teamOf([owner('a', ['^shop'])], 'shop-eu')).toBe('a');
    expect(teamOf([owner('a', ['shop.eu'])], 'shop-eu')).toBe(NO_OWNER);
  });

  test('of a system owns the services in it', () => {
    const ownership = createOwnership({
      owners: [owner('intelligence', ['omniarchon'])],
      systems: [{ name: 'omniarchon', services: ['archon-bridge', '^archon-int'] }],
    });
    expect(ownership.ownerOf({ service: 'archon-intelligence', topic: null })).toMatchObject({ team: 'intelligence' });
    expect(ownership.ownerOf({ service: 'archon', topic: null })).toBe(NO_OWNER);
  });
});

test('a system is the first that has the service among its names', () => {
  const { systemOf } = createOwnership({
    owners: [],
    systems: [
      { name: 'omniarchon', services: ['archon-bridge', 'archon-intelligence'] },
      { name: 'rest', services: ['^archon'] },
    ],
  });
  expect(['archon-bridge', 'archon-intelligence', 'archon-x', 'shop'].map(systemOf)).toEqual([
    'omniarchon',
    'omniarchon',
    'rest',
    null,
  ]);
});

test('names from records are data: nothing of them is a pattern, and none takes long', () => {
  const owners = [owner('a', ['constructor', '^a*b*c*$'])];
  expect(teamOf(owners, 'constructor')).toBe('a');
  expect(teamOf(owners, '__proto__')).toBe(NO_OWNER);
  const began = performance.now();
  expect(teamOf(owners, `${'a'.repeat(500)}!`)).toBe(NO_OWNER);
  expect(performance.now() - began).toBeLessThan(200);
});
