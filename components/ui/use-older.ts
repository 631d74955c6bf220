'use client';

import { useState } from 'react';

/** What a list has beyond its first page. */
interface Older<Row> {
  /** Rows of the pages after the first, as far as they were asked for. */
  readonly rows: readonly Row[];
  readonly more: boolean;
  readonly busy: boolean;
  readonly problem: string | null;
  readonly load: () => void;
}

const NO_ROWS: readonly never[] = [];

interface OlderState<Row> {
  readonly asked: string;
  readonly rows: readonly Row[];
  readonly cursor: string | null;
  readonly busy: boolean;
  readonly problem: string | null;
}

/**
 * The pages after the first one of a list that is read by keyset, one more per call; forgotten when something else is
 * asked.
 * @param asked names what is asked
 * @param next `next_cursor` of the first page; null when it is the last or not here yet
 * @param read asks for the page after a cursor
 */
export function useOlder<Row>(
  asked: string,
  next: string | null,
  read: (cursor: string) => Promise<{ readonly rows: readonly Row[]; readonly next_cursor: string | null }>,
): Older<Row> {
  const [state, setState] = useState<OlderState<Row> | null>(null);
  const mine = state?.asked === asked ? state : null;
  const cursor = mine === null ? next : mine.cursor;
  const load = () => {
    if (cursor === null || mine?.busy === true) return;
    const before = { asked, rows: mine?.rows ?? [], cursor, busy: true, problem: null };
    // An answer that comes after something else was asked is not put in its place.
    const answer = (next: Partial<OlderState<Row>>) =>
      setState((now) => (now === before ? { ...before, busy: false, ...next } : now));
    setState(before);
    read(cursor).then(
      (page) => answer({ rows: [...before.rows, ...page.rows], cursor: page.next_cursor }),
      (error: unknown) =>
        answer({ problem: error instanceof Error ? error.message : 'The next page could not be read' }),
    );
  };
  return {
    rows: mine?.rows ?? NO_ROWS,
    more: cursor !== null,
    busy: mine?.busy ?? false,
    problem: mine?.problem ?? null,
    load,
  };
}

/** The first page and those after it, without what both have. */
export function joinPages<Row>(
  first: readonly Row[],
  older: readonly Row[],
  keyOf: (row: Row) => string,
): readonly Row[] {
  if (older.length === 0) return first;
  const shown = new Set(first.map(keyOf));
  return [...first, ...older.filter((row) => !shown.has(keyOf(row)))];
}
