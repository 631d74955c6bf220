import type { PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
import { remembered } from '../../model/remembered.ts';
import type { FoundViolation } from '../../model/schema-check.ts';
import {
  type FamilyNames,
  foldedPath,
  groupFamilyKey,
  MORE_PATHS,
  MOST_OF_FAMILY,
  violationGroupKey,
} from '../../model/violation-group.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { LOCKS } from '../locks.ts';
import { dayOf } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import { BoundedGroups, type HasOwnGroup, type WantedGroup } from './bounded-groups.ts';
import type { IdOf } from './name-ids.ts';

/** Longest texts of a violation, in UTF-16 units: events choose them. */
export const LONGEST = { path: 512, rule: 64, sentence: 600, was: 200, nearMiss: 120 } as const;

/** A group of the log, as a violation is counted in it. */
export interface ViolationGroup {
  readonly key: string;
  readonly path: string;
  readonly rule: string;
  readonly names: FamilyNames;
}

/** An error with the group that it is counted in. */
interface GroupedViolation {
  readonly error: FoundViolation;
  readonly group: ViolationGroup;
  /** Where it says more than its group does; null where that says it all. */
  readonly path: string | null;
  readonly rule: string | null;
  /** The first of its event in its group: an event counts once. */
  readonly counts: boolean;
}

/** The errors of an event with their groups, each its own or that of the rest of its family. */
export type ViolationsOf = (event: PreparedEvent) => readonly GroupedViolation[];

/** The group that an error would have by itself: its path without its numbers. */
function ownGroup(event: PreparedEvent, { schema, ...error }: FoundViolation, workspaceId: number): ViolationGroup {
  const { eventType, service } = event;
  const names = { workspaceId, eventType, service, schemaName: schema?.name ?? null };
  const path = foldedPath(storableText(error.path, LONGEST.path));
  const rule = storableText(error.rule, LONGEST.rule);
  return { key: violationGroupKey({ ...names, path, rule }), path, rule, names };
}

/** Where what is beyond the bound is counted. */
function groupOfRest({ names }: ViolationGroup): ViolationGroup {
  return { key: violationGroupKey({ ...names, ...MORE_PATHS }), ...MORE_PATHS, names };
}

/** An error with the group that it would have by itself. */
interface OwnViolation {
  readonly error: FoundViolation;
  readonly own: ViolationGroup;
}

function grouped(errors: readonly OwnViolation[], hasOwnGroup: HasOwnGroup): readonly GroupedViolation[] {
  const seen = new Set<string>();
  return errors.map(({ error, own }) => {
    const group = hasOwnGroup(own.key) ? own : groupOfRest(own);
    const counts = !seen.has(group.key);
    seen.add(group.key);
    const path = storableText(error.path, LONGEST.path);
    const rule = storableText(error.rule, LONGEST.rule);
    return { error, group, counts, path: path === group.path ? null : path, rule: rule === group.rule ? null : rule };
  });
}

interface Wanted extends WantedGroup {
  readonly group: ViolationGroup;
}

const familyOf = ({ group }: Wanted): string => groupFamilyKey(group.names);

/**
 * Which violations have a group of their own: the first `MOST_OF_FAMILY` of each family, whoever comes first. One lock for a
 * family keeps all writers to one count of them.
 */
export class ViolationGroups {
  readonly #workspaceId: number;
  readonly #groups = new BoundedGroups<Wanted>(familyOf);

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Makes groups for what some events break, as far as there is room. Call it outside any transaction. */
  async resolve(
    client: PoolClient,
    batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
    idOf: IdOf,
  ): Promise<ViolationsOf> {
    // Asked when groups are made, when rows are written and when they are counted; each group has a key that is hashed.
    const ownOf = remembered((event: PreparedEvent) =>
      event.check.errors.map((error) => ({ error, own: ownGroup(event, error, this.#workspaceId) })),
    );
    const hasOwnGroup = await this.#groups.resolve(client, [...wantedOf(batches, ownOf)], async (wanted) => {
      await client.query(LOCK, [[...new Set(wanted.map(familyOf))].sort()]);
      const { rows } = await client.query<{ key: string }>(ADMIT, [
        this.#workspaceId,
        wanted.map(({ key }) => key),
        wanted.map(({ group }) => idOf('event type', group.names.eventType)),
        wanted.map(({ group: { names } }) => (names.service === null ? 0 : idOf('service', names.service))),
        wanted.map(({ group }) => group.path),
        wanted.map(({ group }) => group.rule),
        wanted.map(({ day }) => day),
        wanted.map(familyOf),
      ]);
      return rows.map(({ key }) => key);
    });
    const groupedOf = remembered((event: PreparedEvent) => grouped(ownOf(event), hasOwnGroup));
    return (event) => (event.check.errors.length === 0 ? NONE : groupedOf(event));
  }
}

/** Most events break nothing: they are not remembered. */
const NONE: readonly GroupedViolation[] = [];

function* wantedOf(
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  ownOf: (event: PreparedEvent) => readonly OwnViolation[],
): Generator<Wanted> {
  for (const { events, storedAt } of batches) {
    const day = dayOf(storedAt);
    for (const event of events) {
      if (event.check.errors.length === 0) continue;
      for (const { own } of ownOf(event)) yield { key: own.key, day, group: own };
    }
  }
}

// In one order for all writers, so that two of them cannot deadlock.
const LOCK = `
  select pg_advisory_xact_lock(${LOCKS.violationGroups}, ('x' || left(replace(family, '-', ''), 8))::bit(32)::int)
  from unnest($1::text[]) as f(family)`;

const ADMIT = `
  with wanted as (
    select * from unnest($2::uuid[], $3::int[], $4::int[], $5::text[], $6::text[], $7::date[], $8::uuid[])
      with ordinality as w(key, type_id, service_id, path, rule, used_day, family, place)
  ), there as (
    select key from violation_group where key in (select key from wanted)
  ), counted as (
    select family, count(*) as n from violation_group
    where family in (select family from wanted where key not in (select key from there)) group by family
  ), placed as (
    select w.*, coalesce(c.n, 0) + row_number() over (partition by w.family order by w.place) as nth
    from wanted w left join counted c on c.family = w.family where w.key not in (select key from there)
  ), made as (
    insert into violation_group (key, workspace_id, type_id, service_id, path, rule, used_day, family)
    select key, $1::smallint, type_id, service_id, path, rule, used_day, family from placed
    where nth <= ${MOST_OF_FAMILY} order by key
    on conflict (key) do update set family = excluded.family returning key
  )
  select key::text from there union all select key::text from made`;
