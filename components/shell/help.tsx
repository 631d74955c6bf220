'use client';

import { type RefObject, useEffect, useState } from 'react';
import { setSingleKeysOff, singleKeysOff } from '@/components/ui/keys.ts';
import { PAGES } from './pages.ts';

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['j', 'k'], 'next, back'],
  [['↵'], 'open'],
  [['/'], 'filter this page'],
  [['esc'], 'back or clear'],
  [['space'], 'pause, resume'],
  [['y'], 'copy link'],
  [['z'], 'true scale (trace)'],
  [['r'], 'try again'],
  [['['], 'fold the rail'],
  [['⌘K'], 'find'],
];

/** All keys, and the switch that turns single keys off. */
export function Help({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const [off, setOff] = useState(false);
  useEffect(() => setOff(singleKeysOff()), []);
  return (
    <dialog ref={dialog} className="pal help" aria-label="Keys">
      <h2>Keys</h2>
      <ul>
        {[...PAGES.map((page) => [['g', page.key], page.name] as const), ...KEYS].map(([keys, words]) => (
          <li key={words}>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
            <span>{words}</span>
          </li>
        ))}
      </ul>
      <label className="mt-4 flex items-center gap-2 text-12">
        <input
          type="checkbox"
          checked={!off}
          onChange={(event) => {
            setSingleKeysOff(!event.target.checked);
            setOff(!event.target.checked);
          }}
        />
        Single keys act on this browser
      </label>
      <form method="dialog" className="mt-4">
        <button type="submit" className="ctl">
          Close <kbd>esc</kbd>
        </button>
      </form>
    </dialog>
  );
}
