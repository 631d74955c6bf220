import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { millis } from '../model/time.ts';
import type { LiveItem } from './client-queue.ts';
import {
  BEAT_MS,
  CLIENT_FRAMES,
  createLiveHub,
  type LiveClient,
  type LiveHub,
  MAX_CLIENTS,
  RING_FRAMES,
} from './create-live-hub.ts';
import { framesInMemory, pulseAt } from './live.test-support.ts';

let frames: ReturnType<typeof framesInMemory>;
let hub: LiveHub;
let pulses: number;
let pulseAnswers: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  frames = framesInMemory();
  pulses = 0;
  pulseAnswers = true;
  hub = createLiveHub({
    frames: frames.reader,
    async pulse() {
      if (!pulseAnswers) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      pulses += 1;
      return pulseAt(`pulse ${pulses}`);
    },
    clock: { now: () => millis(0) },
  });
});

afterEach(async () => {
  await hub.close();
  vi.useRealTimers();
});

function connect(lastEventId: bigint | null = null): LiveClient {
  const client = hub.connect(lastEventId);
  if (client === null) throw new Error('refused');
  return client;
}

/** What waits for a client now: numbers of frames, or their kind. */
async function waiting(client: LiveClient): Promise<(bigint | string)[] | null> {
  const taken = client.take(1);
  await vi.advanceTimersByTimeAsync(1);
  const items = await taken;
  return items === null ? null : items.map(nameOf);
}

function nameOf({ number, frame }: LiveItem): bigint | string {
  return frame.kind === 'traces' && number !== null ? number : frame.kind;
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const beat = () => vi.advanceTimersByTimeAsync(BEAT_MS);

describe('a new client', () => {
  it('gets a pulse at once, and its place among the frames', async () => {
    frames.append(7);
    const client = connect();
    const items = await client.take(1000);
    expect(items?.map((item) => [item.number, item.frame.kind])).toEqual([[7n, 'pulse']]);
  });

  it('gets frames from then on, as soon as they are noticed', async () => {
    frames.append(3);
    const client = connect();
    await settle();
    frames.append(2);
    frames.notify();
    await settle();
    expect(await waiting(client)).toEqual([4n, 5n, 'pulse']);
  });

  it('gets frames whose notice was lost with the next beat', async () => {
    const client = connect();
    await settle();
    expect(await waiting(client)).toEqual(['pulse']);
    frames.append(1);
    await settle();
    expect(await waiting(client)).toEqual([]);
    await beat();
    expect(await waiting(client)).toEqual([1n, 'pulse']);
  });

  it('shares the pulse with all others', async () => {
    const clients = [connect(), connect(), connect()];
    await settle();
    for (const client of clients) expect(await waiting(client)).toEqual(['pulse']);
    expect(pulses).toBe(1);
    await beat();
    for (const client of clients) expect(await waiting(client)).toEqual(['pulse']);
    expect(pulses).toBe(2);
  });
});

describe('a returning client', () => {
  it('gets exactly what it missed', async () => {
    frames.append(10);
    const client = connect(6n);
    await settle();
    expect(await waiting(client)).toEqual([7n, 8n, 9n, 10n, 'pulse']);
  });

  it('gets nothing twice when it missed nothing', async () => {
    frames.append(10);
    connect();
    await settle();
    expect(await waiting(connect(10n))).toEqual(['pulse']);
  });

  it.each([
    ['its frames are no longer held', 1n],
    ['its number was never given', 999_999n],
    ['its number is no number of a frame', -1n],
  ])('is told to fetch anew when %s', async (_why, last) => {
    frames.append(RING_FRAMES * 3);
    const client = connect(last);
    await settle();
    expect(await waiting(client)).toEqual(['reset', 'pulse']);
    expect(hub.stats().resets).toBe(1);
    frames.append(1);
    frames.notify();
    await settle();
    expect(await waiting(client)).toEqual([BigInt(RING_FRAMES * 3 + 1)]);
  });

  it('that missed more than a queue holds is told to fetch anew', async () => {
    frames.append(CLIENT_FRAMES + 1);
    const [most, tooMuch] = [connect(1n), connect(0n)];
    await settle();
    expect(await waiting(most)).toHaveLength(CLIENT_FRAMES + 1);
    expect(await waiting(tooMuch)).toEqual(['reset', 'pulse']);
  });
});

describe('a slow client', () => {
  it('gets a reset instead of its queue, and the quick one beside it everything', async () => {
    const [slow, quick] = [connect(), connect()];
    await settle();
    await waiting(quick);
    for (let index = 0; index <= CLIENT_FRAMES; index++) {
      frames.append(1);
      frames.notify();
      await settle();
      expect(await waiting(quick)).toContain(BigInt(index + 1));
    }
    expect(hub.stats().resets).toBe(1);
    expect(await waiting(slow)).toEqual(['reset', 'pulse']);
  });

  it('finds one pulse, the newest, however many there were', async () => {
    const client = connect();
    for (let index = 0; index < 5; index++) await beat();
    const items = await client.take(1);
    expect(items).toHaveLength(1);
    expect(items?.[0]?.frame).toMatchObject({ kind: 'pulse', pulse: { as_of: `pulse ${pulses}` } });
  });
});

describe('while the database is away', () => {
  it('clients stay, are told so, and go on where they stood', async () => {
    const client = connect();
    await settle();
    await waiting(client);
    pulseAnswers = false;
    frames.setAway(true);
    await beat();
    const [stale] = (await client.take(1)) ?? [];
    expect(stale?.frame).toMatchObject({ kind: 'pulse', pulse: { as_of: 'pulse 1', tap: { connected: false } } });
    pulseAnswers = true;
    frames.setAway(false);
    frames.append(2);
    await beat();
    expect(await waiting(client)).toEqual([1n, 2n, 'pulse']);
  });

  it('a first client learns that nothing is known, and resumes when it is back', async () => {
    frames.append(5);
    pulseAnswers = false;
    frames.setAway(true);
    const client = connect(3n);
    const [first] = (await client.take(1)) ?? [];
    expect(first?.frame).toMatchObject({ kind: 'pulse', pulse: { cluster: null, tap: { connected: false } } });
    pulseAnswers = true;
    frames.setAway(false);
    await beat();
    expect(await waiting(client)).toEqual([4n, 5n, 'pulse']);
  });

  it('a pulse that never comes counts as none', async () => {
    const silent = createLiveHub({
      frames: frames.reader,
      pulse: () => new Promise(() => undefined),
      clock: { now: () => millis(0) },
    });
    const client = silent.connect(null);
    const taken = client?.take(60_000);
    await vi.advanceTimersByTimeAsync(5000);
    expect((await taken)?.[0]?.frame).toMatchObject({ kind: 'pulse', pulse: { tap: { connected: false } } });
    await silent.close();
  });
});

describe('when the store began anew or lost frames', () => {
  it.each([
    ['began anew', () => frames.beginAgain()],
    [
      'dropped some unread',
      () => {
        frames.append(50);
        frames.keep(5);
      },
    ],
  ])('clients of a store that %s fetch anew', async (_what, happen) => {
    frames.append(9);
    const client = connect();
    await settle();
    await waiting(client);
    happen();
    await beat();
    expect(await waiting(client)).toEqual(['reset', 'pulse']);
  });
});

describe('the hub', () => {
  it('refuses one client too many, until one leaves', async () => {
    const clients = Array.from({ length: MAX_CLIENTS }, () => connect());
    expect(hub.connect(null)).toBeNull();
    expect(hub.stats()).toMatchObject({ clients: MAX_CLIENTS, refused: 1 });
    clients[0]?.close();
    expect(hub.connect(null)).not.toBeNull();
  });

  it('ends every stream when it closes, and lets go of the store', async () => {
    const client = connect();
    await settle();
    await waiting(client);
    expect(frames.listeners()).toBe(1);
    const pending = client.take(60_000);
    await hub.close();
    expect(await pending).toBeNull();
    expect(frames.listeners()).toBe(0);
    expect(hub.connect(null)).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});
