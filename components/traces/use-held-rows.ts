'use client';

import { useEffect, useRef, useState } from 'react';
import type { TraceSummary } from '@/server/model/wire.ts';

/** px the page may be scrolled and still count as at its top. */
const TOP_PX = 40;

/** One empty list, so that it equals itself between draws. */
const NO_ROWS: readonly TraceSummary[] = [];

/** New rows gather while a row is selected or the list is scrolled; they enter on demand or at the top. */
export function useHeldRows(newest: readonly TraceSummary[] | undefined, selecting: boolean, asked: string) {
  const latest = newest ?? NO_ROWS;
  const [shown, setShown] = useState({ asked, rows: latest });
  const scrolled = useRef(false);
  useEffect(() => {
    const body = document.getElementById('main');
    const onScroll = () => {
      scrolled.current = (body?.scrollTop ?? 0) > TOP_PX;
    };
    body?.addEventListener('scroll', onScroll, { passive: true });
    return () => body?.removeEventListener('scroll', onScroll);
  }, []);
  const known = new Set(shown.rows.map((row) => row.trace_key));
  const fresh = latest.filter((row) => !known.has(row.trace_key));
  const hold = shown.asked === asked && fresh.length > 0 && shown.rows.length > 0 && (selecting || scrolled.current);
  useEffect(() => {
    if (!hold) setShown({ asked, rows: latest });
  }, [hold, latest, asked]);
  const byKey = new Map(latest.map((row) => [row.trace_key, row]));
  const rows = hold ? shown.rows.map((row) => byKey.get(row.trace_key) ?? row) : latest;
  return { rows, held: hold ? fresh.length : 0, release: () => setShown({ asked, rows: latest }) };
}
