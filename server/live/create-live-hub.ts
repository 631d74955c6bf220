import type { Pulse } from '../model/wire.ts';
import type { Clock } from '../ports/clock.ts';
import type { FrameReader } from '../ports/frame-store.ts';
import { type ClientQueue, createClientQueue } from './client-queue.ts';
import { followFrames } from './follow-frames.ts';
import { stalePulse } from './stale-pulse.ts';

/** Clients at once; one more is refused. A browser holds one for all its tabs of a window. */
export const MAX_CLIENTS = 200;
/** Frames that wait for one client; past it they are replaced by a `reset`. */
export const CLIENT_FRAMES = 256;
/** Frames kept for clients that resume; at least so many, at most twice as many. */
export const RING_FRAMES = 1000;
/** Pause between two pulses, and between two looks for frames whose notice was lost. */
export const BEAT_MS = 2000;
/** A pulse that takes longer counts as no answer. */
const PULSE_DEADLINE_MS = 4000;

export interface LiveStats {
  readonly clients: number;
  /** Times a client was told to fetch anew because it did not keep up, came too late, or frames were lost. */
  readonly resets: number;
  readonly refused: number;
}

/** Fans the frames of the store out to all streams of this process. */
export interface LiveHub {
  /**
   * Adds a client that resumes after `lastEventId` (null: from now on). Its first frame is a pulse. Null when there are
   * too many clients, or the hub is closed. The caller closes the client.
   */
  connect(lastEventId: bigint | null): LiveClient | null;
  stats(): LiveStats;
  /** Ends every stream and lets go of the store. */
  close(): Promise<void>;
}

export type LiveClient = Pick<ClientQueue, 'take' | 'close'>;

export interface LiveHubOptions {
  readonly frames: FrameReader;
  /** The status of the moment, asked for once for all clients. */
  readonly pulse: () => Promise<Pulse>;
  readonly clock: Clock;
}

interface Member {
  readonly queue: ClientQueue;
  /** Set until the ring is there to resume from. */
  waitsFor: { readonly lastEventId: bigint | null } | null;
}

/** A hub that begins to read with its first client, and reads until it is closed. */
export function createLiveHub({ frames, pulse, clock }: LiveHubOptions): LiveHub {
  const members = new Set<Member>();
  let last: Pulse | null = null;
  let listening: { close(): Promise<void> } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let started = false;
  let closed = false;
  let resets = 0;
  let refused = 0;

  const follower = followFrames({
    frames,
    keep: RING_FRAMES,
    onBegin: () => {
      for (const member of members) resume(member);
    },
    // Once there is a ring nobody waits for it, so every member has its place.
    onFrame: (frame) => {
      for (const { queue } of members) queue.push(frame);
    },
    onGap: () => {
      for (const member of members) resetMember(member);
    },
  });

  const newest = (): bigint | null => follower.ring()?.newest() ?? null;

  function resetMember(member: Member): void {
    resets += 1;
    member.waitsFor = null;
    member.queue.reset(newest());
  }

  /** Puts what a client missed into its queue. Its place in the order of frames is fixed here, without a pause. */
  function resume(member: Member): void {
    const ring = follower.ring();
    if (ring === null || member.waitsFor === null) return;
    const { lastEventId } = member.waitsFor;
    member.waitsFor = null;
    if (lastEventId === null) return;
    const missed = ring.after(lastEventId);
    if (missed === null || missed.length > CLIENT_FRAMES) resetMember(member);
    else for (const frame of missed) member.queue.push(frame);
  }

  const listen = async (): Promise<void> => {
    if (listening !== null) return;
    const made = await frames.listen(() => {
      // A failed read is repeated by the beat, which also tells the clients.
      follower.readOn().catch(() => undefined);
    });
    if (closed) await made.close();
    else listening = made;
  };

  async function beat(): Promise<void> {
    try {
      const [fresh] = await Promise.all([withDeadline(pulse(), PULSE_DEADLINE_MS), follower.readOn(), listen()]);
      last = fresh;
      sendPulse(fresh);
    } catch {
      // Clients stay: they are told how things stood, and the next beat tries again.
      sendPulse(stalePulse(last, clock.now()));
    }
    if (!closed) timer = setTimeout(beat, BEAT_MS);
  }

  /** The id of a pulse is the client's place among the frames: all before it are in its queue already. */
  function sendPulse(fresh: Pulse): void {
    const frame = { kind: 'pulse', pulse: fresh } as const;
    for (const { queue, waitsFor } of members) queue.pulse({ number: waitsFor === null ? newest() : null, frame });
  }

  function start(): void {
    if (started) return;
    started = true;
    void beat();
  }

  return {
    connect(lastEventId) {
      if (closed) return null;
      if (members.size >= MAX_CLIENTS) {
        refused += 1;
        return null;
      }
      const queue = createClientQueue(CLIENT_FRAMES, () => {
        resets += 1;
      });
      const member: Member = { queue, waitsFor: { lastEventId } };
      members.add(member);
      resume(member);
      if (last !== null) queue.pulse({ number: newest(), frame: { kind: 'pulse', pulse: last } });
      start();
      return {
        take: queue.take,
        close() {
          members.delete(member);
          queue.close();
        },
      };
    },
    stats: () => ({ clients: members.size, resets, refused }),
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      for (const { queue } of members) queue.close();
      members.clear();
      await listening?.close();
    },
  };
}

/** The answer, or a rejection when it takes longer than `ms`. */
function withDeadline<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
