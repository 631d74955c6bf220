import { expect, test } from 'vitest';
import type { Pulse } from '@/server/model/wire.ts';
import {
  CHANGED_KEYS_LIMIT,
  changedSince,
  initialStream,
  reduceStream,
  SILENT_MS,
  type StreamAction,
} from './stream.ts';

const pulse: Pulse = {
  as_of: '2025-10-18T03:12:40Z',
  cluster: { id: 'c', name: 'dev', source: 'kafka' },
  tap: {
    connected: true,
    message: null,
    since: null,
    up: 1,
    known: 1,
    lag: '0',
    behind_s: 0,
    backfill: null,
    unreadable: [],
  },
  settled: { to: '2025-10-18T03:12:38Z', waiting: 0 },
  stored_share: 1,
  holes: 0,
};

function after(...actions: StreamAction[]) {
  return actions.reduce(reduceStream, initialStream(pulse));
}

const traces = (...keys: string[]): StreamAction => ({
  kind: 'frame',
  frame: { kind: 'traces', keys, at: '' },
  atMs: 1,
});

test('a traces frame moves the revision and names its keys', () => {
  const state = after(traces('a'), traces('b'));
  expect(state.revision).toBe(2);
  expect(changedSince(state, 'a', 0)).toBe(true);
  expect(changedSince(state, 'a', 1)).toBe(false);
  expect(changedSince(state, 'c', 0)).toBe(false);
});

test('while paused nothing moves but the count of newer events, and the pulse goes on', () => {
  const newer = { ...pulse, holes: 2 };
  const paused = after(traces('a'), { kind: 'pause', atMs: 5 }, traces('b', 'c'), {
    kind: 'frame',
    frame: { kind: 'pulse', pulse: newer },
    atMs: 6,
  });
  expect(paused.revision).toBe(1);
  expect(paused.paused?.newer).toBe(2);
  expect(paused.pulse?.holes).toBe(2);
  const resumed = reduceStream(paused, { kind: 'resume' });
  expect(resumed.revision).toBe(2);
  expect(changedSince(resumed, 'c', 1)).toBe(true);
});

test('a reset changes every trace', () => {
  const state = after({ kind: 'frame', frame: { kind: 'reset' }, atMs: 1 });
  expect(changedSince(state, 'anything', 0)).toBe(true);
});

test('the memory of keys is bounded, and forgetting means everything may have changed', () => {
  const many = Array.from({ length: CHANGED_KEYS_LIMIT + 1 }, (_, i) => `k${i}`);
  const state = after(traces('old'), traces(...many));
  expect(state.changed.size).toBe(0);
  expect(changedSince(state, 'never named', 1)).toBe(true);
  const paused = after({ kind: 'pause', atMs: 1 }, traces(...many));
  expect(paused.paused).toMatchObject({ newer: many.length, keys: [], all: true });
});

test('silence makes the stream stale, the next frame heals it', () => {
  const heard = after(traces('a'));
  expect(reduceStream(heard, { kind: 'tick', atMs: SILENT_MS }).stale).toBe(false);
  const silent = reduceStream(heard, { kind: 'tick', atMs: SILENT_MS + 2 });
  expect(silent.stale).toBe(true);
  expect(reduceStream(silent, traces('b')).stale).toBe(false);
});

test('a tap that lost its broker shows at once, before the next pulse', () => {
  const state = after({
    kind: 'frame',
    frame: { kind: 'tap', connected: false, message: 'k:9092 refuses', at: 'x' },
    atMs: 1,
  });
  expect(state.pulse?.tap).toMatchObject({ connected: false, message: 'k:9092 refuses', since: 'x' });
});

test('what changed between the first draw of a page and its connection is fetched', () => {
  const state = after({ kind: 'open', atMs: 1 });
  expect(state.revision).toBe(1);
  expect(changedSince(state, 'settled meanwhile', 0)).toBe(true);
});
