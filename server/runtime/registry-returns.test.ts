import { expect, it } from 'vitest';
import type { SchemaId } from '../model/decoded.ts';
import type { SchemaAnswer } from '../model/registry-schema.ts';
import { createRegistryReturns } from './registry-returns.ts';

function stage({ waits = false } = {}) {
  const state = { up: true, jobs: 0, busy: false };
  const returns = createRegistryReturns({
    source: {
      schemas: async (ids) =>
        new Map(ids.map((id): [SchemaId, SchemaAnswer] => [id, { kind: state.up ? 'unknown' : 'unreachable' }])),
    },
    eventsWait: async () => waits,
    readAgain: async () => {
      if (state.busy) return false;
      state.jobs += 1;
      return true;
    },
  });
  return { state, returns };
}

it('reads events again once the registry answers for what it could not be asked, and only then', async () => {
  const { state, returns } = stage();
  await returns.source.schemas([1]);
  await returns.look();
  expect(state.jobs).toBe(0);
  state.up = false;
  await returns.source.schemas([1, 2]);
  await returns.look();
  await returns.look();
  expect(state.jobs).toBe(0);
  state.up = true;
  await returns.look();
  await returns.look();
  expect(state.jobs).toBe(1);
});

it('reads again at its begin what waited from before, once', async () => {
  const { state, returns } = stage({ waits: true });
  await returns.look();
  await returns.look();
  expect(state.jobs).toBe(1);
});

it('asks again while another job is at work', async () => {
  const { state, returns } = stage({ waits: true });
  state.up = false;
  await returns.source.schemas([1]);
  state.up = true;
  state.busy = true;
  await returns.look();
  expect(state.jobs).toBe(0);
  state.busy = false;
  await returns.look();
  await returns.look();
  expect(state.jobs).toBe(2);
});
