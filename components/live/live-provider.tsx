'use client';

import { createContext, type ReactNode, useContext, useEffect, useMemo, useReducer, useState } from 'react';
import type { Frame } from '@/server/model/frame.ts';
import type { Pulse } from '@/server/model/wire.ts';
import { initialStream, reduceStream, type StreamState } from './stream.ts';

interface Live {
  readonly stream: StreamState;
  readonly pause: () => void;
  readonly resume: () => void;
}

const LiveContext = createContext<Live | null>(null);
const ClockContext = createContext(0);

/** Until a stream that was refused is asked for again; as long as its refusal says. */
const AGAIN_MS = 5000;

/** Holds the one event stream of this tab, the pause, and the clock that counts ages. */
export function LiveProvider({ pulse, nowMs, children }: { pulse: Pulse | null; nowMs: number; children: ReactNode }) {
  const [stream, dispatch] = useReducer(reduceStream, pulse, initialStream);
  useEffect(() => {
    let source: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const take = (event: MessageEvent<string>) =>
      dispatch({ kind: 'frame', frame: readFrame(event.data), atMs: Date.now() });
    const open = () => {
      source = new EventSource('/api/v1/live');
      for (const name of ['message', 'traces', 'tap', 'pulse', 'reset']) source.addEventListener(name, take);
      source.addEventListener('open', () => dispatch({ kind: 'open', atMs: Date.now() }));
      source.addEventListener('error', () => {
        dispatch({ kind: 'lost' });
        // A browser connects again by itself, but not after an answer that is no stream: too many are open, or a proxy
        // has nobody behind it yet.
        if (source.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS);
      });
    };
    open();
    const timer = setInterval(() => dispatch({ kind: 'tick', atMs: Date.now() }), 1000);
    return () => {
      source.close();
      clearTimeout(again);
      clearInterval(timer);
    };
  }, []);
  const live = useMemo(
    () => ({
      stream,
      pause: () => dispatch({ kind: 'pause', atMs: Date.now() }),
      resume: () => dispatch({ kind: 'resume' }),
    }),
    [stream],
  );
  const held = stream.stale || stream.paused !== null;
  return (
    <LiveContext value={live}>
      <Clock startMs={nowMs} held={held}>
        {children}
      </Clock>
    </LiveContext>
  );
}

/** The server's time, second by second; stands still while nothing new can be known. */
function Clock({ startMs, held, children }: { startMs: number; held: boolean; children: ReactNode }) {
  const [nowMs, setNowMs] = useState(startMs);
  const [aheadMs] = useState(() => startMs - Date.now());
  useEffect(() => {
    if (held) return;
    const timer = setInterval(() => setNowMs(Date.now() + aheadMs), 1000);
    return () => clearInterval(timer);
  }, [held, aheadMs]);
  return <ClockContext value={nowMs}>{children}</ClockContext>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLive stands outside of LiveProvider');
  return live;
}

/** Now, in ms since the epoch, by the server's clock. */
export function useNow(): number {
  return useContext(ClockContext);
}

/** A frame as the server wrote it: both ends are of one build and share the union. */
function readFrame(data: string): Frame {
  return JSON.parse(data) as Frame;
}
