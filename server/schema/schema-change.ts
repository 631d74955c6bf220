/** What a limit is of, in the words of a change. */
export type Limited = 'range' | 'length' | 'item count' | 'field count';

/** What can change between two versions of a schema. */
export type ChangeKind =
  | `type ${'widened' | 'narrowed' | 'changed'}`
  | `values ${'added' | 'removed' | 'changed' | 'listed' | 'no longer listed'}`
  | `${Limited} ${'widened' | 'narrowed' | 'changed'}`
  | `pattern ${'added' | 'removed' | 'changed'}`
  | `format ${'added' | 'removed' | 'changed'}`
  | 'step changed'
  | 'uniqueness changed'
  | 'field added'
  | 'required field added'
  | 'field removed'
  | 'field became required'
  | 'field became optional'
  | `other fields ${'refused' | 'allowed'}`
  | 'fields by pattern changed'
  | 'field names changed'
  | 'alternatives changed'
  | 'exclusion changed'
  | 'condition changed'
  | 'rule changed'
  /** The schema as a whole, where no single change shows it. */
  | 'whole changed';

/** Which readers a change breaks: new ones of old events (backward), old ones of new events (forward). */
export type Breaks = 'backward' | 'forward' | 'both' | 'none';

/** One difference between two versions of a schema. */
export interface SchemaChange {
  /** Where it is, as a path into the event: `*` is any item of a list, `**` any field that is not named. */
  readonly path: string;
  readonly kind: ChangeKind;
  /** What it breaks, looked at by itself, where it is. Never more than the comparison as a whole has found broken. */
  readonly breaks: Breaks;
  /** What it may break: it could be neither proven nor shown by an example. */
  readonly mayBreak: Breaks;
  readonly sentence: string;
}

/** Whether two directions are meant, one, or none. */
export function breaksOf(backward: boolean, forward: boolean): Breaks {
  if (backward) return forward ? 'both' : 'backward';
  return forward ? 'forward' : 'none';
}

/** What a change means to those who produce and read, as sentences. */
export function effectSentence(breaks: Breaks, mayBreak: Breaks): string {
  const sure = BROKEN[breaks];
  if (mayBreak === 'none') return sure;
  return breaks === 'none' ? UNDECIDED[mayBreak] : `${sure} ${UNDECIDED[mayBreak]}`;
}

const BROKEN: Readonly<Record<Breaks, string>> = {
  none: 'This breaks no reader.',
  backward: 'Readers of the new version can refuse old events.',
  forward: 'Readers of the old version can refuse new events.',
  both: 'Readers of either version can refuse events of the other.',
};

const UNDECIDED: Readonly<Record<Exclude<Breaks, 'none'>, string>> = {
  backward: 'Whether the new version accepts all old events is not known.',
  forward: 'Whether the old version accepts all new events is not known.',
  both: 'Whether either version accepts all events of the other is not known.',
};
