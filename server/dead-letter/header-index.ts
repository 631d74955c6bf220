import type { RecordHeader } from '../model/record.ts';

/** Headers of a record that are looked at; a hostile one has tens of thousands. */
const MOST_HEADERS = 10_000;

/** What the headers of one record say, by exact name. */
export interface HeaderIndex {
  /** True where one of the names begins with this. */
  startsWith(prefix: string): boolean;
  has(name: string): boolean;
  /** Of a repeated one the first: it is that of the first failure. */
  first(name: string): Buffer | null;
  /** Of a repeated one the last: it is that of the failure that ended it. */
  last(name: string): Buffer | null;
  /** More headers came than are looked at. */
  readonly cut: boolean;
}

/** Names longer than this are none that any convention has. */
const LONGEST_NAME = 200;

export function indexHeaders(headers: readonly RecordHeader[]): HeaderIndex {
  const firsts = new Map<string, Buffer | null>();
  const lasts = new Map<string, Buffer | null>();
  for (const { name, value } of headers.slice(0, MOST_HEADERS)) {
    if (name.length > LONGEST_NAME) continue;
    const text = name.toString('utf8');
    if (!firsts.has(text)) firsts.set(text, value);
    lasts.set(text, value);
  }
  return {
    startsWith: (prefix) => [...firsts.keys()].some((name) => name.startsWith(prefix)),
    has: (name) => firsts.has(name),
    first: (name) => firsts.get(name) ?? null,
    last: (name) => lasts.get(name) ?? null,
    cut: headers.length > MOST_HEADERS,
  };
}
