import { expect, test } from 'vitest';
import type { LiveClient } from '../live/create-live-hub.ts';
import type { ApiDeps } from './api-deps.ts';
import { getLive } from './get-live.ts';

/** Places of a hub that are taken; nothing ever comes. */
function places() {
  let taken = 0;
  const connect = (): LiveClient => {
    let closed = false;
    taken += 1;
    return {
      take: () => new Promise(() => undefined),
      close: () => {
        if (!closed) taken -= 1;
        closed = true;
      },
    };
  };
  // Only the hub's `connect` is asked for here.
  return { deps: { hub: { connect } } as unknown as ApiDeps, taken: () => taken };
}
const ask = (signal: AbortSignal) => new Request('http://127.0.0.1/api/v1/live', { signal });

test('a stream that is given up before anything was read gives its place back', async () => {
  const { deps, taken } = places();
  const answer = await getLive(ask(new AbortController().signal), deps);
  expect(taken()).toBe(1);
  await answer.body?.cancel();
  expect(taken()).toBe(0);
});

test('a browser that goes before its stream is read gives its place back', async () => {
  const { deps, taken } = places();
  const browser = new AbortController();
  await getLive(ask(browser.signal), deps);
  browser.abort();
  expect(taken()).toBe(0);
});

test('a browser that has gone already takes no place', async () => {
  const { deps, taken } = places();
  await getLive(ask(AbortSignal.abort()), deps);
  expect(taken()).toBe(0);
});
