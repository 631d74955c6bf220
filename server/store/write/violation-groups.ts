import type { PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
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
import { transactionOn } from '../transaction.ts';
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

/** True for the key of a group that exists by itself; what has none is counted with the rest of its family. */
export type HasOwnGroup = (key: string) => boolean;

/** The group that an error would have by itself: its path without its numbers. */
export function ownGroup(
  event: PreparedEvent,
  { schema, ...error }: FoundViolation,
  workspaceId: number,
): ViolationGroup {
  const { eventType, service } = event;
  const names = { workspaceId, eventType, service, schemaName: schema?.name ?? null };
  const path = foldedPath(storableText(error.path, LONGEST.path));
  const rule = storableText(error.rule, LONGEST.rule);
  return { key: violationGroupKey({ ...names, path, rule }), path, rule, names };
}

/** Where what is beyond the bound is counted. */
export function groupOfRest({ names }: ViolationGroup): ViolationGroup {
  return { key: violationGroupKey({ ...names, ...MORE_PATHS }), ...MORE_PATHS, names };
}

/** Keys of groups that a process remembers; it begins anew when there are more. */
const MOST_KNOWN = 50_000;
/** Families of which a process remembers that they are full. */
const MOST_FULL = 10_000;

interface Wanted extends ViolationGroup {
  readonly family: string;
  readonly day: string;
}

/**
 * Which violations have a group of their own: the first `MOST_OF_FAMILY` of each family, whoever comes first. One lock for a
 * family keeps all writers to one count of them. What is known of both is asked again every day: a group that expired
 * makes room, and is none any more.
 */
export class ViolationGroups {
  readonly #workspaceId: number;
  readonly #known = new Set<string>();
  readonly #full = new Set<string>();
  #day = '';

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Makes groups for what some events break, as far as there is room. Call it outside any transaction. */
  async resolve(
    client: PoolClient,
    batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
    idOf: IdOf,
  ): Promise<HasOwnGroup> {
    this.#beginDay(batches.map(({ storedAt }) => dayOf(storedAt)));
    const own = new Set<string>();
    const missing = new Map<string, Wanted>();
    for (const { events, storedAt } of batches) {
      const day = dayOf(storedAt);
      for (const event of events) {
        for (const error of event.check.errors) {
          const group = ownGroup(event, error, this.#workspaceId);
          if (this.#known.has(group.key)) own.add(group.key);
          else if (!missing.has(group.key)) {
            missing.set(group.key, { ...group, family: groupFamilyKey(group.names), day });
          }
        }
      }
    }
    if (missing.size > 0) await this.#admit(client, missing, own, idOf);
    return (key) => own.has(key);
  }

  /** What is known of groups is known for a day: after it a group may have expired, and its room is another's. */
  #beginDay(days: readonly string[]): void {
    const newest = [this.#day, ...days].sort().at(-1) ?? '';
    if (newest === this.#day) return;
    this.#day = newest;
    this.#known.clear();
    this.#full.clear();
  }

  async #admit(client: PoolClient, missing: ReadonlyMap<string, Wanted>, own: Set<string>, idOf: IdOf): Promise<void> {
    if (this.#full.size > MOST_FULL) this.#full.clear();
    if (this.#known.size > MOST_KNOWN) this.#known.clear();
    const wanted = [...missing.values()].filter(({ family }) => !this.#full.has(family));
    if (wanted.length === 0) return;
    const families = [...new Set(wanted.map(({ family }) => family))].sort();
    const keys = await transactionOn(client, async () => {
      await client.query(LOCK, [families]);
      const { rows } = await client.query<{ key: string }>(ADMIT, [
        this.#workspaceId,
        wanted.map(({ key }) => key),
        wanted.map(({ names }) => idOf('event type', names.eventType)),
        wanted.map(({ names }) => (names.service === null ? 0 : idOf('service', names.service))),
        wanted.map(({ path }) => path),
        wanted.map(({ rule }) => rule),
        wanted.map(({ day }) => day),
        wanted.map(({ family }) => family),
      ]);
      return rows.map(({ key }) => key);
    });
    for (const key of keys) {
      this.#known.add(key);
      own.add(key);
    }
    for (const { key, family } of wanted) if (!own.has(key)) this.#full.add(family);
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
