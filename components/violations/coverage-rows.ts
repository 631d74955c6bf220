import { formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { SchemaCoverage, SchemaList, SchemaName } from '@/server/model/violation-wire.ts';

/** How the events of a type stand to their schema: `unchecked` where there is one and none of them was held against it. */
export type CoverageState = 'violating' | 'no schema' | 'unchecked' | 'fits';

/** One event type of the range, and what its schema says of its events. */
export interface CoverageRow extends SchemaCoverage {
  readonly state: CoverageState;
  /** Of its events those that were held against a schema, 0 to 1. */
  readonly checkedShare: number;
  /** Of those that were checked the ones that fit, 0 to 1; null where none was. */
  readonly validShare: number | null;
}

export const COVERAGE_STATES: Readonly<Record<CoverageState, { readonly mark: MarkKind; readonly word: string }>> = {
  violating: { mark: 'violating', word: 'Violating' },
  'no schema': { mark: 'unknown', word: 'No schema' },
  unchecked: { mark: 'unknown', word: 'Not checked' },
  fits: { mark: 'flowing', word: 'All fit' },
};

/** Who wrote a schema. */
export const ORIGIN_WORDS: Readonly<Record<SchemaName['origin'], string>> = {
  operator: 'yours',
  registry: 'registry',
  'built in': 'built in',
};

const RANK: readonly CoverageState[] = ['violating', 'no schema', 'unchecked', 'fits'];

/** The event types of an answer, what needs a person first, and of those alike the ones with most events. */
export function coverageRows({ event_types }: SchemaList): readonly CoverageRow[] {
  const rows = event_types.map((type): CoverageRow => {
    const [seen, ok, violating] = [Number(type.seen), Number(type.ok), Number(type.violating)];
    const checked = ok + violating;
    return {
      ...type,
      state: stateOf(type, checked),
      checkedShare: seen === 0 ? 0 : Math.min(1, checked / seen),
      validShare: checked === 0 ? null : ok / checked,
    };
  });
  return rows.sort((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state) || Number(b.seen) - Number(a.seen));
}

function stateOf({ schema, violating }: SchemaCoverage, checked: number): CoverageState {
  if (violating !== '0') return 'violating';
  if (checked > 0) return 'fits';
  return schema === null ? 'no schema' : 'unchecked';
}

/** Which rows are shown. */
export const COVERAGE_KINDS = ['all', 'without', 'violating'] as const;
export type CoverageKind = (typeof COVERAGE_KINDS)[number];

/** The rows of a kind that hold every word of the filter, in any case. */
export function shownRows(rows: readonly CoverageRow[], kind: CoverageKind, filter: string): readonly CoverageRow[] {
  const words = filter.toLowerCase().split(/\s+/);
  return rows.filter(({ event_type, schema, state }) => {
    if (kind === 'without' && state !== 'no schema') return false;
    if (kind === 'violating' && state !== 'violating') return false;
    const text = [event_type, schema?.name, schema?.title].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Schemas for event types of which none was seen in the range, by their names. */
export function unseenSchemas({ event_types, schemas }: SchemaList): SchemaList['schemas'] {
  const seen = new Set(event_types.map(({ event_type }) => withoutVersion(event_type)));
  return schemas
    .filter(({ event_types: own }) => own.length > 0 && !own.some((type) => seen.has(withoutVersion(type))))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function withoutVersion(type: string): string {
  return type.replace(/\.v\d{1,6}$/i, '');
}

/** What the page says first, and what it rests on. */
export function coverageVerdict(list: SchemaList): {
  readonly mark: MarkKind;
  readonly sentence: string;
  readonly rest: string;
} {
  const rows = coverageRows(list);
  const sum = (name: 'seen' | 'ok' | 'violating') => rows.reduce((all, row) => all + BigInt(row[name]), 0n);
  const [seen, ok] = [sum('seen'), sum('ok')];
  const checked = ok + sum('violating');
  const own = list.schemas.filter(({ origin }) => origin === 'operator').length;
  const inForce = `${formatCounted(list.schemas.length, 'schema')} ${list.schemas.length === 1 ? 'is' : 'are'} in force, ${formatCount(own)} of them yours.`;
  const held =
    checked === 0n
      ? `None of ${formatCounted(String(seen), 'event')} was checked.`
      : `Checked ${formatCount(String(checked))} of ${formatCounted(String(seen), 'event')}, of which ${formatShare(Number(ok) / Number(checked))} fit.`;
  return { ...sentenceOf(list, rows), rest: `${held} ${inForce}` };
}

function sentenceOf({ broken }: SchemaList, rows: readonly CoverageRow[]): { mark: MarkKind; sentence: string } {
  const without = rows.filter(({ state }) => state === 'no schema').length;
  if (broken.length > 0)
    return { mark: 'stalled', sentence: `${formatCounted(broken.length, 'schema file')} cannot be used` };
  if (rows.length === 0) return { mark: 'unknown', sentence: 'No event was stored in this range' };
  if (without === 0) return { mark: 'flowing', sentence: 'Every event type seen has a schema' };
  const types = `${formatCount(without)} of ${formatCounted(rows.length, 'event type')}`;
  return { mark: 'unknown', sentence: `${types} ${without === 1 ? 'has' : 'have'} no schema` };
}
