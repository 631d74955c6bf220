'use client';

import { useKeys } from './keys.ts';

/** The keys of every list: j, k and arrows select, Enter opens, Esc lets go. Rows go by their keys, in their order. */
export function useRowKeys(
  keys: readonly string[],
  selected: string | null,
  select: (key: string | null) => void,
  open?: (key: string) => void,
): void {
  const move = (by: number) => {
    const at = selected === null ? -1 : keys.indexOf(selected);
    select(keys[Math.max(0, Math.min(keys.length - 1, at < 0 ? 0 : at + by))] ?? null);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    escape: () => select(null),
    ...(open === undefined
      ? {}
      : {
          enter: () => {
            if (selected !== null && keys.includes(selected)) open(selected);
          },
        }),
  });
}
