'use client';

import { useSearchParams } from 'next/navigation';

/** The selected thing of a page, kept in the address as `sel`: a reload, a link and the way back restore it. */
export function useSelection(): readonly [string | null, (id: string | null) => void] {
  const params = useSearchParams();
  const select = (id: string | null) => {
    const next = new URLSearchParams(params);
    if (id === null) next.delete('sel');
    else next.set('sel', id);
    window.history.replaceState(null, '', next.size === 0 ? location.pathname : `?${next}`);
  };
  return [params.get('sel'), select];
}
