'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';

/** Most own writes remembered until the router has told of them. */
const WRITTEN_LIMIT = 50;

/**
 * The selected thing of a page, kept in the address, as `sel` unless it has a name of its own: a reload, a link and the way back restore it. The router
 * tells of a new address later than keys are pressed, so the selection goes ahead of it.
 */
export function useSelection(name = 'sel'): readonly [string | null, (id: string | null) => void] {
  const told = useSearchParams().get(name);
  const [selected, setSelected] = useState(told);
  const written = useRef<readonly (string | null)[]>([]);
  const heard = useRef(told);
  useEffect(() => {
    // An effect runs once with what the page began with, perhaps after the first key: that is no news.
    if (heard.current === told) return;
    heard.current = told;
    const at = written.current.indexOf(told);
    // What this page wrote itself is known already; anything else is somebody going somewhere.
    if (at >= 0) written.current = written.current.slice(at + 1);
    else setSelected(told);
  }, [told]);
  const select = (id: string | null) => {
    if (id === selected) return;
    setSelected(id);
    written.current = [...written.current, id].slice(-WRITTEN_LIMIT);
    const next = new URLSearchParams(location.search);
    if (id === null) next.delete(name);
    else next.set(name, id);
    window.history.replaceState(null, '', next.size === 0 ? location.pathname : `?${next}`);
  };
  return [selected, select];
}
