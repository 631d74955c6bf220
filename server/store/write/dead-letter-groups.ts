import type { PoolClient } from 'pg';
import { deadLetterGroupKey, MORE_REASONS, MOST_OF_QUEUE, reasonKey } from '../../model/dead-letter-group.ts';
import type { PreparedEvent } from '../../model/event.ts';
import { remembered } from '../../model/remembered.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { LOCKS } from '../locks.ts';
import { dayOf } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import { BoundedGroups, type WantedGroup } from './bounded-groups.ts';
import type { IdOf } from './name-ids.ts';

/** Longest texts of a dead letter, in UTF-16 units. */
export const LONGEST = { reason: 500, name: 249 } as const;

/** A dead letter's group, by what its row says. */
export interface LetterGroup {
  readonly key: string;
  readonly reasonKey: string;
  readonly fingerprint: string;
  readonly errorClass: string;
  readonly originalTopic: string;
}

/** The group in which an event is counted as a dead letter, its own or that of the rest of its queue; null for every other. */
export type LetterGroupOf = (event: PreparedEvent) => LetterGroup | null;

function ownGroup(event: PreparedEvent, workspaceId: number): LetterGroup | null {
  const { deadLetter } = event;
  if (deadLetter === null) return null;
  return groupOf(event, workspaceId, {
    fingerprint: storableText(deadLetter.fingerprint, LONGEST.reason),
    errorClass: storableText(deadLetter.errorClass ?? '', LONGEST.name),
    originalTopic: storableText(deadLetter.original.topic ?? '', LONGEST.name),
  });
}

type Said = Pick<LetterGroup, 'fingerprint' | 'errorClass' | 'originalTopic'>;

function groupOf({ incarnationId, eventType, service }: PreparedEvent, workspaceId: number, said: Said): LetterGroup {
  const key = deadLetterGroupKey({ workspaceId, incarnationId, eventType, service, ...said });
  return { key, reasonKey: reasonKey(said.fingerprint), ...said };
}

function isSilent({ fingerprint, errorClass }: LetterGroup): boolean {
  return fingerprint === '' && errorClass === '';
}

interface Wanted extends WantedGroup {
  readonly group: LetterGroup;
  readonly event: PreparedEvent;
}

/** Which dead letters have a group of their own: the first `MOST_OF_QUEUE` of each queue, whoever comes first. */
export class DeadLetterGroups {
  readonly #workspaceId: number;
  readonly #groups = new BoundedGroups<Wanted>(({ event }) => `${event.incarnationId}`);

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Makes groups for some dead letters, as far as there is room. Call it outside any transaction. */
  async resolve(
    client: PoolClient,
    batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
    idOf: IdOf,
  ): Promise<LetterGroupOf> {
    // Asked when groups are made, when rows are written and when they are counted; each group has a key that is hashed.
    const ownOf = remembered((event: PreparedEvent) => ownGroup(event, this.#workspaceId));
    const hasOwn = await this.#groups.resolve(client, [...wantedOf(batches, ownOf)], async (wanted) => {
      await client.query(LOCK, [[...new Set(wanted.map(({ event }) => event.incarnationId))].sort((a, b) => a - b)]);
      const { rows } = await client.query<{ key: string }>(ADMIT, [
        this.#workspaceId,
        wanted.map(({ key }) => key),
        wanted.map(({ event }) => event.incarnationId),
        wanted.map(({ group }) => group.reasonKey),
        wanted.map(({ group }) => group.fingerprint),
        wanted.map(({ group }) => group.errorClass),
        wanted.map(({ group }) => group.originalTopic),
        wanted.map(({ event }) => idOf('event type', event.eventType)),
        wanted.map(({ event: { service } }) => (service === null ? 0 : idOf('service', service))),
        wanted.map(({ day }) => day),
      ]);
      return rows.map(({ key }) => key);
    });
    const letterOf = remembered((event: PreparedEvent) => {
      const own = ownOf(event);
      // What says nothing is told from the rest in any case: of these there are few.
      if (own === null || isSilent(own) || hasOwn(own.key)) return own;
      return groupOf(event, this.#workspaceId, { ...MORE_REASONS, originalTopic: own.originalTopic });
    });
    // Most events are none: they are not remembered.
    return (event) => (event.deadLetter === null ? null : letterOf(event));
  }
}

function* wantedOf(
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  ownOf: LetterGroupOf,
): Generator<Wanted> {
  for (const { events, storedAt } of batches) {
    const day = dayOf(storedAt);
    for (const event of events) {
      if (event.deadLetter === null) continue;
      const group = ownOf(event);
      if (group === null || isSilent(group)) continue;
      yield { key: group.key, day, group, event };
    }
  }
}

// In one order for all writers, so that two of them cannot deadlock.
const LOCK = `select pg_advisory_xact_lock(${LOCKS.deadLetterGroups}, id) from unnest($1::int[]) as q(id)`;

const ADMIT = `
  with wanted as (
    select * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[], $10::date[])
      with ordinality as w(key, incarnation_id, reason_key, fingerprint, error_class, original_topic, type_id, service_id,
        used_day, place)
  ), there as (
    select key from dead_letter_group where key in (select key from wanted)
  ), counted as (
    select incarnation_id, count(*) as n from dead_letter_group
    where incarnation_id in (select incarnation_id from wanted where key not in (select key from there)) group by 1
  ), placed as (
    select w.*, coalesce(c.n, 0) + row_number() over (partition by w.incarnation_id order by w.place) as nth
    from wanted w left join counted c using (incarnation_id) where w.key not in (select key from there)
  ), made as (
    insert into dead_letter_group (key, workspace_id, incarnation_id, reason_key, fingerprint, error_class, original_topic,
      type_id, service_id, used_day)
    select key, $1::smallint, incarnation_id, reason_key, fingerprint, error_class, original_topic, type_id, service_id,
      used_day
    from placed where nth <= ${MOST_OF_QUEUE} order by key
    on conflict (key) do update set used_day = greatest(dead_letter_group.used_day, excluded.used_day) returning key
  )
  select key::text from there union all select key::text from made`;
