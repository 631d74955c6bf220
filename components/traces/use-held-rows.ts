'use client';

import { useEffect, useRef, useState } from 'react';
import type { TraceList } from '@/server/model/wire.ts';

/** px the page may be scrolled and still count as at its top. */
const TOP_PX = 40;

/** No list is here yet; one that equals itself between draws. */
const NOTHING = { traces: [], next_cursor: null } as const;

/** The part of a list that is held. */
type Rows = Pick<TraceList, 'traces' | 'next_cursor'>;

/**
 * The first page of a list as it is shown: new rows gather while one is selected, the list is scrolled or has older pages
 * behind it; they enter on demand or at the top. `next` goes on behind what is shown.
 * @param asked names what `newest` answers: the rows of another question are never held in its place
 */
export function useHeldRows(newest: Rows | undefined, holding: boolean, asked: string) {
  const latest = newest ?? NOTHING;
  const [shown, setShown] = useState<{ readonly asked: string; readonly list: Rows }>({ asked, list: latest });
  const scrolled = useRef(false);
  useEffect(() => {
    const body = document.getElementById('main');
    const onScroll = () => {
      scrolled.current = (body?.scrollTop ?? 0) > TOP_PX;
    };
    body?.addEventListener('scroll', onScroll, { passive: true });
    return () => body?.removeEventListener('scroll', onScroll);
  }, []);
  const { traces: old, next_cursor } = shown.list;
  const known = new Set(old.map((row) => row.trace_key));
  const fresh = latest.traces.filter((row) => !known.has(row.trace_key));
  const hold = shown.asked === asked && fresh.length > 0 && old.length > 0 && (holding || scrolled.current);
  useEffect(() => {
    if (!hold) setShown({ asked, list: latest });
  }, [hold, latest, asked]);
  const byKey = new Map(latest.traces.map((row) => [row.trace_key, row]));
  return {
    rows: hold ? old.map((row) => byKey.get(row.trace_key) ?? row) : latest.traces,
    next: hold ? next_cursor : latest.next_cursor,
    held: hold ? fresh.length : 0,
    release: () => setShown({ asked, list: latest }),
  };
}
