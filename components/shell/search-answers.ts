import { idHref } from '@/components/trace/trace-path.ts';
import type { SearchAnswer, SearchKind } from '@/server/model/search-wire.ts';

/** One line of the palette. */
export interface PaletteAnswer {
  /** What stands over the lines of its kind. */
  readonly group: string;
  readonly text: string;
  readonly note: string;
  readonly href: string;
}

const GROUPS: Readonly<Record<SearchKind, string>> = {
  trace: 'Traces',
  event: 'Events',
  trace_id: 'Traces by trace id',
  key: 'Traces by key',
  field: 'Traces by field',
  event_type: 'Event types',
  service: 'Services',
  topic: 'Topics',
  owner: 'Owners',
};

/** Kinds of which the text is the id of a trace. */
const BY_ID: ReadonlySet<SearchKind> = new Set(['trace', 'trace_id', 'key', 'field']);

/** Ids are cut at this length; only the key leads to the trace of a longer one. */
const CUT = 1024;

/** What the server found, as lines; the last of a kind says that there is more. */
export function answersOf({ results, more }: SearchAnswer): readonly PaletteAnswer[] {
  return results.map(({ kind, text, note, href }, index) => {
    const isCut = more.includes(kind) && results[index + 1]?.kind !== kind;
    const notes = [note ?? '', isCut ? 'and more' : ''].filter((part) => part !== '');
    const byId = BY_ID.has(kind) && text.length < CUT ? idHref(text) : null;
    return { group: GROUPS[kind], text, note: notes.join(', '), href: byId ?? href };
  });
}

/** What was looked up in when nothing was found, in a sentence; null for an answer that found something. */
export function nothingFound(
  { searched, names_cut, fields }: SearchAnswer,
  count: (records: string) => string,
): string | null {
  if (searched === undefined) return null;
  const values = fields.length === 0 ? '' : `, values of ${fields.join(', ')}`;
  const unread = searched.lag === '0' ? '' : ` ${count(searched.lag)} on the brokers are not read yet.`;
  const names = names_cut ? ' Of the names only the newest were looked through.' : '';
  return `Nothing in ${count(searched.records)}: no id that begins so, no event id, key or trace id${values}, no name.${unread}${names}`;
}
