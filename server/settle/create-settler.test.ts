import { describe, expect, it } from 'vitest';
import { EMPTY_TOPOLOGY } from '../model/trace.ts';
import type { OpenTrace, SettleStore } from '../ports/settle-store.ts';
import { eventsOf } from '../stitch/events-of.test-support.ts';
import { createSettler } from './create-settler.ts';

const OPTIONS = { episodeGapMs: 1_800_000 };
const opened = (key: string): OpenTrace => ({
  traceKey: key,
  idKind: 'correlation',
  idText: key,
  idLength: key.length,
  events: eventsOf([{ id: key, at: 0 }]),
});

/** A store whose marks are a list; `settled` resolves when a given trace was settled. */
function fakeStore(marks: OpenTrace[], failFirst = 0) {
  const waiting = new Map<string, () => void>();
  const done = new Set<string>();
  let failures = failFirst;
  const store: SettleStore = {
    async settleShard(shard, _options, settle) {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the database is away');
      }
      if (shard !== 0) return null;
      const open = marks.splice(0);
      for (const { traceKey } of settle(open)) {
        done.add(traceKey);
        waiting.get(traceKey)?.();
      }
      return open.length;
    },
  };
  const settled = (key: string) =>
    done.has(key) ? Promise.resolve() : new Promise<void>((resolve) => waiting.set(key, resolve));
  return { store, settled };
}

describe('createSettler', () => {
  it('settles what waits at the start, and what comes when it is woken', async () => {
    const marks = [opened('a')];
    const { store, settled } = fakeStore(marks);
    const settler = createSettler({ store, topology: () => EMPTY_TOPOLOGY, options: OPTIONS, onFailure: () => {} });
    settler.start();
    await settled('a');
    marks.push(opened('b'));
    settler.wake();
    await settled('b');
    await settler.stop();
  });

  it('finds marks that nobody told it of', async () => {
    const marks: OpenTrace[] = [];
    const { store, settled } = fakeStore(marks);
    const settler = createSettler({ store, topology: () => EMPTY_TOPOLOGY, options: OPTIONS, onFailure: () => {} });
    settler.start();
    marks.push(opened('from another tap'));
    await settled('from another tap');
    await settler.stop();
  });

  it('says each failed settle and tries again', async () => {
    const { store, settled } = fakeStore([opened('a')], 1);
    const failures: number[] = [];
    const settler = createSettler({
      store,
      topology: () => EMPTY_TOPOLOGY,
      options: OPTIONS,
      onFailure: (_error, retryInMs) => failures.push(retryInMs),
    });
    settler.start();
    await settled('a');
    await settler.stop();
    expect(failures).toEqual([500]);
  });

  it('settles the other shards while one always fails', async () => {
    const { store, settled } = fakeStore([opened('a')]);
    const settler = createSettler({
      store: {
        settleShard: (shard, ...rest) =>
          shard === 0 ? Promise.reject(new Error('poison')) : store.settleShard(shard - 1, ...rest),
      },
      topology: () => EMPTY_TOPOLOGY,
      options: OPTIONS,
      onFailure: () => {},
    });
    settler.start();
    await settled('a');
    await settler.stop();
  });

  it('lets a large trace rest once it was settled, and no other', async () => {
    const events = eventsOf(Array.from({ length: 10_000 }, (_, at) => ({ id: `e-${at}`, at })));
    const marks = [{ ...opened('large'), events }, opened('a')];
    const { store, settled } = fakeStore(marks);
    const resting: (readonly string[] | undefined)[] = [];
    const settler = createSettler({
      store: {
        settleShard: (shard, turn, settle) => {
          resting.push(turn.resting);
          return store.settleShard(shard, turn, settle);
        },
      },
      topology: () => EMPTY_TOPOLOGY,
      options: OPTIONS,
      onFailure: () => {},
    });
    settler.start();
    await settled('a');
    marks.push(opened('b'));
    settler.wake();
    await settled('b');
    await settler.stop();
    expect(resting[0]).toEqual([]);
    expect(resting.at(-1)).toEqual(['large']);
  });

  it('leaves out a trace whose events are all gone', async () => {
    const gone: OpenTrace = { ...opened('gone'), events: [] };
    const { store, settled } = fakeStore([gone, opened('a')]);
    const settler = createSettler({ store, topology: () => EMPTY_TOPOLOGY, options: OPTIONS, onFailure: () => {} });
    settler.start();
    await settled('a');
    await settler.stop();
  });
});
