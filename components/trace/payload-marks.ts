/** Something to be said at one place of a payload. */
export interface PayloadMark {
  /** JSON pointer from the root; it may name a field that is not there. */
  readonly pointer: string;
  readonly words: string;
  /** A key beside it that was probably meant; null without one. */
  readonly nearMiss: string | null;
}

/** What stands at a line of the drawn payload. */
export interface LineNote {
  /** `wrong`: the line itself; `near`: the key that was probably meant for a missing one. */
  readonly kind: 'wrong' | 'near';
  readonly words: string;
}

/** Notes by JSON pointer, with what a tree has to know to show each. */
export interface PayloadNotes {
  readonly at: ReadonlyMap<string, LineNote>;
  /** Pointers of everything that holds a note: opened at first. */
  readonly above: ReadonlySet<string>;
  /** Keys that have a note, by the pointer of what should hold them. */
  readonly within: ReadonlyMap<string, readonly string[]>;
}

export const NO_NOTES: PayloadNotes = { at: new Map(), above: new Set(), within: new Map() };

/** Marks by place. Of several at one place the words are joined. */
export function notesOf(marks: readonly PayloadMark[]): PayloadNotes {
  const at = new Map<string, LineNote>();
  const above = new Set<string>();
  const within = new Map<string, string[]>();
  for (const { pointer, words, nearMiss } of marks) {
    const known = at.get(pointer);
    at.set(pointer, { kind: 'wrong', words: known?.kind === 'wrong' ? `${known.words}; ${words}` : words });
    const { holder, key } = split(pointer);
    if (key === null) continue;
    for (let up: string | null = holder; up !== null; up = split(up).key === null ? null : split(up).holder)
      above.add(up);
    const keys = within.get(holder) ?? [];
    if (!keys.includes(key)) keys.push(key);
    within.set(holder, keys);
    const near = nearMiss === null ? null : pointerTo(holder, nearMiss);
    if (near !== null && !at.has(near)) at.set(near, { kind: 'near', words: `probably meant as ${key}` });
  }
  return { at, above, within };
}

/** The pointer of a key of what `holder` names. */
export function pointerTo(holder: string, key: string): string {
  return `${holder}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The last key of a pointer and what holds it; the root has none. */
function split(pointer: string): { readonly holder: string; readonly key: string | null } {
  const at = pointer.lastIndexOf('/');
  if (at < 0) return { holder: '', key: null };
  return {
    holder: pointer.slice(0, at),
    key: pointer
      .slice(at + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~'),
  };
}
