import type { AsOf } from './as-of.ts';
import type { Searched } from './wire.ts';

/** What a text was found as, in the order in which it is told. */
export const SEARCH_KINDS = [
  'trace',
  'event',
  'trace_id',
  'key',
  'field',
  'event_type',
  'service',
  'topic',
  'owner',
] as const;

export type SearchKind = (typeof SEARCH_KINDS)[number];

/** One thing that a text may mean, and the page that shows it. */
export interface SearchResult {
  readonly kind: SearchKind;
  /** Its name: the id of a trace or an event, a type, a service, a topic, a team. */
  readonly text: string;
  /** What tells it from others: the type it begins with, the field it was found by, how a team is reached. */
  readonly note: string | null;
  /** The path of its page here, with its query. */
  readonly href: string;
}

/** `GET /search` */
export interface SearchAnswer extends AsOf {
  readonly query: string;
  /** Kind after kind, the nearest first. */
  readonly results: readonly SearchResult[];
  /** Kinds of which more was found than is told. */
  readonly more: readonly SearchKind[];
  /** Declared fields whose values were looked up. */
  readonly fields: readonly string[];
  /** There are more names than are looked through: the newest were, and of the others those that are wholly alike. */
  readonly names_cut: boolean;
  /** What was searched; when nothing was found. */
  readonly searched?: Searched;
}
