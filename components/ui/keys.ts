'use client';

import { useLayoutEffect, useRef } from 'react';

/** What a key does. Keys are `KeyboardEvent.key` values, those with names in lower case; `mod+k` stands for ⌘K and Ctrl+K. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const OFF = 'throughline-single-keys-off';

/**
 * Listens for single keys while no field is being typed into and no dialog is open. It does so from the moment on at which
 * there is something on the page to press them for: an effect after the drawing would miss a key that is pressed at once.
 * Of several that know a key only one acts.
 * @param first these go before the same keys of any other, whichever came onto the page first
 */
export function useKeys(keys: KeyMap, first = false): void {
  const current = useRef(keys);
  current.current = keys;
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const name =
        event.metaKey || event.ctrlKey
          ? `mod+${event.key.toLowerCase()}`
          : event.key.length > 1
            ? event.key.toLowerCase()
            : event.key;
      const act = Object.hasOwn(current.current, name) ? current.current[name] : undefined;
      if (act === undefined || event.defaultPrevented || event.altKey) return;
      if (!name.startsWith('mod+') && isTyping(event)) return;
      // Arrows, Enter and Escape have no character and stay.
      if (name.length === 1 && singleKeysOff()) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', onKey, first);
    return () => document.removeEventListener('keydown', onKey, first);
  }, [first]);
}

/** Whether single keys are turned off on this browser. */
export function singleKeysOff(): boolean {
  return typeof localStorage !== 'undefined' && localStorage.getItem(OFF) === '1';
}

export function setSingleKeysOff(off: boolean): void {
  if (off) localStorage.setItem(OFF, '1');
  else localStorage.removeItem(OFF);
}

function isTyping(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest('input, textarea, select, [contenteditable], dialog[open]') !== null) return true;
  // Space and Enter belong to the control that has the focus.
  return (event.key === ' ' || event.key === 'Enter') && event.target.closest('button, summary, a') !== null;
}
