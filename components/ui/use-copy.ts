'use client';

import { useEffect, useState } from 'react';

const SAID_MS = 2500;

/** Puts a text onto the clipboard, and says for a moment what came of it; null while there is nothing to say. */
export function useCopy(): readonly [string | null, (text: string, what: string) => void] {
  const [said, say] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => say(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (text: string, what: string) => {
    const refused = () => say('The browser refused to copy');
    // Away from https and localhost there is no clipboard, whatever its type says.
    const clipboard: Clipboard | undefined = navigator.clipboard;
    if (clipboard === undefined) return refused();
    clipboard.writeText(text).then(() => say(`${what} copied`), refused);
  };
  return [said, copy];
}
