import type { GroupState, SchemaName, ViolationGroup } from '@/server/model/violation-wire.ts';

/** Which groups the page shows: those somebody has to look at, those put aside, or all. */
export const SHOWN = ['open', 'aside', 'all'] as const;
export type Shown = (typeof SHOWN)[number];

/** What is wrong with an event: it breaks its schema, or names one that nobody gave us. */
export const KINDS = ['all', 'invalid', 'unknown'] as const;
export type Kind = (typeof KINDS)[number];

/** What the page's address asks for; what it does not know is as if absent. */
export interface ViolationsView {
  readonly shown: Shown;
  readonly kind: Kind;
}

/** The rule of an event whose schema is not known. */
const UNKNOWN_REFERENCE = 'unknown_reference';

const ASIDE: ReadonlySet<GroupState> = new Set<GroupState>(['muted', 'resolved']);

export function readViolationsView(params: { get(name: string): string | null }): ViolationsView {
  return {
    shown: SHOWN.find((one) => one === params.get('show')) ?? 'open',
    kind: KINDS.find((one) => one === params.get('kind')) ?? 'all',
  };
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The API's path for all groups of a range, or for the events of one. */
export function violationsPath(range: Range, group: string | null = null, cursor: string | null = null): string {
  const params = new URLSearchParams(timesOf(range));
  if (group !== null) params.set('group', group);
  if (cursor !== null) params.set('cursor', cursor);
  return `/api/v1/violations?${params}`;
}

/** The API's path for what the schemas in force cover of a range. */
export function schemasPath(range: Range): string {
  return `/api/v1/schemas?${new URLSearchParams(timesOf(range))}`;
}

/** The API's path for what a schema says of a rule at a path. */
export function saysPath({ name, version }: SchemaName, { path, rule }: { path: string; rule: string }): string {
  const params = new URLSearchParams({ ...(version !== null && { version }), path, rule });
  return `/api/v1/schemas/${encodeURIComponent(name)}/says?${params}`;
}

/** The API's path for the log as a file. */
export function exportPath(range: Range, format: 'ndjson' | 'csv'): string {
  return `/api/v1/violations/export?${new URLSearchParams({ format, ...timesOf(range) })}`;
}

function timesOf({ fromMs, toMs }: Range): { readonly from: string; readonly to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** The groups of a view that hold every word of the filter, in any case. */
export function groupsOf(
  groups: readonly ViolationGroup[],
  view: ViolationsView,
  filter: string,
): readonly ViolationGroup[] {
  const words = filter.toLowerCase().split(/\s+/);
  return groups.filter((group) => {
    if (view.shown !== 'all' && ASIDE.has(group.state) !== (view.shown === 'aside')) return false;
    if (view.kind !== 'all' && isUnknown(group) !== (view.kind === 'unknown')) return false;
    const names = [group.event_type, group.path, group.rule, group.service, group.schema?.name, group.topic];
    const text = names.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Whether the group's events name a schema that nobody gave us. */
export function isUnknown(group: ViolationGroup): boolean {
  return group.rule === UNKNOWN_REFERENCE;
}
