import type { Owner } from '../../model/ownership.ts';
import type { SearchKind, SearchResult } from '../../model/search-wire.ts';
import type { Queryable } from '../transaction.ts';
import { nameDigest } from '../write/name-ids.ts';
import type { Looking } from './search-ids.ts';

/** Newest names, and newest topics, that are looked through for a part: whoever sends events makes names. */
const MOST_NAMES = 10_000;

/** Types, services and topics that hold the text, in any case: the whole first, then those that begin with it, then the shorter. */
export async function namesHolding(
  client: Queryable,
  { workspaceId, q, most }: Looking,
): Promise<{ readonly results: SearchResult[]; readonly cut: boolean }> {
  const { rows } = await client.query<{ kind: string | null; label: string | null; cut: boolean }>(HOLDING, [
    workspaceId,
    q,
    nameDigest(q),
    most,
  ]);
  return {
    cut: rows[0]?.cut === true,
    results: rows.flatMap(({ kind, label }) => {
      const page = PAGES.find((each) => each.stored === kind);
      if (page === undefined || label === null) return [];
      return [{ kind: page.kind, text: label, note: null, href: page.href(label) }];
    }),
  };
}

const pathWith = (path: string, name: string) => (value: string) => `${path}?${new URLSearchParams({ [name]: value })}`;

const PAGES: readonly { stored: string; kind: SearchKind; href: (name: string) => string }[] = [
  { stored: 'event type', kind: 'event_type', href: pathWith('/traces', 'event_type') },
  { stored: 'service', kind: 'service', href: pathWith('/traces', 'service') },
  { stored: 'topic', kind: 'topic', href: pathWith('/topics', 'topic') },
];

/** The nearest of one kind: a sort that keeps a few, however many hold the text. */
const nearest = (kind: string) => `
  (select kind, label from found where kind = '${kind}' order by place, length(label), label collate "C" limit $4)`;

// Every topic is a type as well, which stands for records that name none: it is told as a topic.
const HOLDING = `
  with looked as (
    (select kind, label from name where workspace_id = $1 order by id desc limit ${MOST_NAMES})
    union all
    (select 'topic', topic from incarnation where workspace_id = $1 and gone_at is null order by id desc limit ${MOST_NAMES})
  ), holding as (
    select kind, label, lower(label) as low from looked
    where kind <> 'dialect' and position(lower($2) in lower(label)) > 0
    union
    select kind, label, lower(label) from name
    where workspace_id = $1 and kind in ('event type', 'service') and digest = $3::bytea
    union
    select 'topic', topic, lower(topic) from incarnation where workspace_id = $1 and gone_at is null and topic = $2::text
  ), found as materialized (
    select kind, label, case when low = lower($2) then 0 when starts_with(low, lower($2)) then 1 else 2 end as place
    from holding
    where not (kind = 'event type' and exists (select from incarnation i where i.workspace_id = $1 and i.topic = label))
  ), told as (${['event type', 'service', 'topic'].map(nearest).join(' union all')}
  )
  select told.kind, told.label,
    exists (select from name where workspace_id = $1 order by id offset ${MOST_NAMES})
      or exists (select from incarnation where workspace_id = $1 order by id offset ${MOST_NAMES}) as cut
  from (select) one left join told on true`;

/** Teams whose name or contact holds the text, in any case, as they were declared. */
export function ownersHolding(owners: readonly Owner[], { q, most }: Looking): SearchResult[] {
  const part = q.toLowerCase();
  return owners
    .filter(({ team, contact }) => [team, contact ?? ''].some((text) => text.toLowerCase().includes(part)))
    .slice(0, most)
    .map(({ team, contact }) => ({ kind: 'owner', text: team, note: contact, href: OWNERS_PAGE }));
}

/** What is stopped stands there with whose it is. */
const OWNERS_PAGE = '/';
