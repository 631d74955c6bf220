import { pointerStep, splitPointer } from '@/server/model/json-pointer.ts';

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
    const place = splitPointer(pointer);
    if (place === null) continue;
    const { holder, key } = place;
    above.add('');
    for (let up = holder; up !== '' && !above.has(up); up = splitPointer(up)?.holder ?? '') above.add(up);
    const keys = within.get(holder) ?? [];
    if (!keys.includes(key)) keys.push(key);
    within.set(holder, keys);
    const near = nearMiss === null ? null : holder + pointerStep(nearMiss);
    if (near !== null && !at.has(near)) at.set(near, { kind: 'near', words: `probably meant as ${key}` });
  }
  return { at, above, within };
}
