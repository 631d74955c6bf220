import type { DialectCount, DialectList, DialectWire } from '@/server/model/dialect-wire.ts';

/** What events are filed under that no dialect matched. */
export const NO_DIALECT = 'none';

/** A row of the table of dialects. */
export interface DialectRow {
  readonly name: string;
  readonly count: DialectCount;
  /** Its place in the order of trying, from 1; null for what is not tried. */
  readonly order: number | null;
  /** Null for a name that is no longer configured, and for the events that matched none. */
  readonly dialect: DialectWire | null;
}

/** The dialects as they are tried, then names that are no longer configured, last the events that matched none. */
export function dialectRows({ dialects, unmatched, retired }: DialectList): readonly DialectRow[] {
  return [
    ...dialects.map((dialect, at) => ({ name: dialect.name, count: dialect.count, order: at + 1, dialect })),
    ...retired.map(({ name, count }) => ({ name, count, order: null, dialect: null })),
    { name: NO_DIALECT, count: unmatched, order: null, dialect: null },
  ];
}

/**
 * The rows that are shown until all are asked for: what read an event of the range, what the operator set, what is
 * selected, and always the events that matched none. Where that leaves no dialect, all.
 */
export function busyRows(rows: readonly DialectRow[], selected: string | null): readonly DialectRow[] {
  const busy = rows.filter(
    ({ name, count, dialect }) =>
      count.in_range !== '0' || name === selected || name === NO_DIALECT || dialect?.from === 'throughline.yaml',
  );
  return busy.some(({ dialect }) => dialect !== null) ? busy : rows;
}

/** Where a dialect is written: `throughline.yaml:14`, or `built in`. */
export function dialectSource({ from, line }: Pick<DialectWire, 'from' | 'line'>): string {
  return line === null ? from : `${from}:${line}`;
}
