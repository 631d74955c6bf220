import type { Pool } from 'pg';
import type { ConsumerGroup } from '../../model/consumer-group-wire.ts';
import { servicesOfGroups } from '../../model/group-service.ts';
import type { Ownership } from '../../model/ownership.ts';
import { recordId } from '../../model/record.ts';
import type { StallBasis, StalledTrace, StallList, StallPair, StallWire } from '../../model/stall-wire.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import type { StallFilter } from '../../ports/reads.ts';
import { microsFromSql, microsSql, timeSql } from '../sql-time.ts';
import { MOST_STALLS } from '../stalls/check-episodes.ts';
import { STILL_MISSING } from '../stalls/still-missing.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { readGroupPage } from './consumer-groups.ts';
import { CURSOR_MICROS, CURSOR_UUID, readCursor, writeCursor } from './cursor.ts';
import { type GroupContext, readServiceNames } from './groups-of-service.ts';
import { whoseIs } from './owners.ts';
import { Parameters } from './parameters.ts';
import { type MissingFrom, stallGroups } from './stall-groups.ts';

interface StallRow {
  readonly trace_key: string;
  readonly id_text: string;
  readonly since_us: string;
  readonly due_us: string;
  readonly event_type: string;
  readonly cluster: string | null;
  readonly topic: string | null;
  readonly n: number | null;
  readonly partition: number | null;
  readonly offset: string | null;
  readonly missing_type: string;
  readonly service: string | null;
  readonly declared_group: string | null;
  readonly declared: boolean;
  readonly flow: string | null;
  readonly traces: number | null;
  readonly followed: number | null;
  readonly typical_us: string | null;
  readonly p95_us: string | null;
}

interface PairRow extends StallRow {
  readonly count: number;
  readonly newest_us: string;
}

/** Most steps at which traces stopped that one answer tells apart. */
const MOST_PAIRS = 50;
/** Most groups of one topic that are looked at. */
const MOST_GROUPS = 200;

/** What stalled traces are told with. */
export interface StallContext extends GroupContext {
  readonly pool: Pool;
  readonly ownership: Ownership;
}

/** Where traces stopped, by step and one by one, with who should have acted. */
export async function readStalls(
  context: StallContext,
  filter: StallFilter,
): Promise<Omit<StallList, 'as_of' | 'coverage'>> {
  const { pool, workspaceId } = context;
  const [pairs, page, sums] = await Promise.all([
    pool.query<PairRow>(PAIRS, [workspaceId, MOST_PAIRS]),
    readPage(pool, workspaceId, filter),
    pool.query<{ total: number; tap_behind: number }>(SUMS, [workspaceId]),
  ]);
  const rows = page.slice(0, filter.limit);
  const known = await inTransaction(
    pool,
    (client) => readGroups(client, context, [...pairs.rows, ...rows]),
    BEGIN.reading,
  );
  const last = page.length > filter.limit ? rows.at(-1) : undefined;
  const { total, tap_behind } = sums.rows[0] ?? { total: 0, tap_behind: 0 };
  return {
    pairs: pairs.rows.map((row) => toPair(row, toStall(row, known, context))),
    stalls: rows.map((row) => toStalledTrace(row, toStall(row, known, context))),
    ...{ total, tap_behind, more: total >= MOST_STALLS },
    next_cursor: last === undefined ? null : writeCursor('stalls', [last.since_us, last.trace_key]),
  };
}

/** Where one trace stopped; null when it did not, or went on since. `client` has the snapshot it is asked in. */
export async function readStall(context: StallContext, client: Queryable, traceKey: string): Promise<StallWire | null> {
  const { rows } = await client.query<StallRow>(`select ${COLUMNS} from ${FROM} where s.trace_key = $1::uuid`, [
    traceKey,
  ]);
  const [row] = rows;
  return row === undefined ? null : toStall(row, await readGroups(client, context, rows), context);
}

async function readPage(pool: Pool, workspaceId: number, filter: StallFilter): Promise<readonly StallRow[]> {
  const params = new Parameters();
  const conditions = [`s.workspace_id = ${params.add(workspaceId)}`];
  if (filter.cursor !== undefined) {
    const [at, key] = readCursor('stalls', filter.cursor, [CURSOR_MICROS, CURSOR_UUID]);
    conditions.push(`(s.since, s.trace_key) > (${timeSql(params.add(at))}, ${params.add(key)}::uuid)`);
  }
  const { rows } = await pool.query<StallRow>(
    `select ${COLUMNS} from ${FROM} where ${conditions.join(' and ')}
     order by s.since, s.trace_key limit ${params.add(filter.limit + 1)}`,
    params.values,
  );
  return rows;
}

interface KnownGroups extends Pick<MissingFrom, 'servicesOf'> {
  /** Per topic the groups that committed on it. */
  readonly byTopic: ReadonlyMap<string, readonly ConsumerGroup[]>;
}

/** On one connection: who holds one and waits for another may wait for himself. */
async function readGroups(
  client: Queryable,
  { workspaceId, declared }: StallContext,
  rows: readonly StallRow[],
): Promise<KnownGroups> {
  if (rows.length === 0) return { byTopic: new Map(), servicesOf: () => [] };
  const names = await readServiceNames(client, workspaceId);
  const topics = [...new Set(rows.flatMap(({ topic }) => topic ?? []))];
  const found = await Promise.all(
    topics.map(async (topic) => {
      const page = await readGroupPage(client, workspaceId, { topic, includePartitions: false, limit: MOST_GROUPS });
      return [topic, page.groups] as const;
    }),
  );
  // A flow may name a service that has made no event yet.
  const asked = rows.flatMap(({ service }) => service ?? []);
  return { byTopic: new Map(found), servicesOf: servicesOfGroups([...asked, ...names], declared) };
}

function toStall(row: StallRow, { byTopic, servicesOf }: KnownGroups, { ownership }: StallContext): StallWire {
  const { topic, service, partition, offset, cluster, n } = row;
  const isStored = partition !== null && offset !== null && cluster !== null && topic !== null && n !== null;
  return {
    since: toInstant(row.since_us),
    due_at: toInstant(row.due_us),
    step: {
      event_type: row.event_type,
      topic: topic ?? '',
      id: isStored ? recordId({ id: 0, cluster, topic, n }, partition, BigInt(offset)) : null,
    },
    missing: { event_type: row.missing_type, service },
    basis: toBasis(row),
    groups: stallGroups(byTopic.get(topic ?? '') ?? [], { service, declared: row.declared_group, servicesOf }),
    whose: whoseIs(ownership, { service, topic }),
  };
}

function toBasis(row: StallRow): StallBasis {
  const ms = (us: string | null) => (us === null ? null : Number(us) / 1000);
  return {
    kind: row.declared ? 'declared' : 'learned',
    ...{ flow: row.flow, traces: row.traces, followed: row.followed },
    ...{ typical_ms: ms(row.typical_us), p95_ms: ms(row.p95_us) },
  };
}

function toStalledTrace(row: StallRow, stall: StallWire): StalledTrace {
  return { correlation_id: row.id_text, trace_key: traceKeyToHex(row.trace_key), ...stall };
}

function toPair(row: PairRow, stall: StallWire): StallPair {
  return {
    ...stall,
    count: row.count,
    oldest: { correlation_id: row.id_text, trace_key: traceKeyToHex(row.trace_key) },
    newest_since: toInstant(row.newest_us),
  };
}

function toInstant(us: string): string {
  return microsToRfc3339(microsFromSql(us));
}

const FROM = `stall s join trace t on t.trace_key = s.trace_key and ${STILL_MISSING}`;

// Whoever is declared to produce the missing event, else whoever mostly did.
const COLUMNS = `s.trace_key::text, t.id_text, ${microsSql('s.since')} as since_us, ${microsSql('s.due_at')} as due_us,
  (select label from name where id = s.type_id) as event_type,
  (select c.kafka_id from incarnation i join cluster c on c.id = i.cluster_id where i.id = s.incarnation_id) as cluster,
  (select topic from incarnation where id = s.incarnation_id) as topic,
  (select n from incarnation where id = s.incarnation_id) as n, s.partition, s."offset", s.missing_type,
  coalesce(s.service, (select sn.label from type_maker m join name sn on sn.id = m.service_id
    where m.workspace_id = s.workspace_id and m.type_id = s.missing_type_id)) as service,
  s.group_name as declared_group, s.declared, s.flow, s.traces, s.followed, s.typical_us, s.p95_us`;

const PAIRS = `
  with pairs as (
    select type_id, missing_type, declared, count(*)::int as count, max(since) as newest,
      (array_agg(s.trace_key order by since, s.trace_key))[1] as oldest
    from ${FROM} where s.workspace_id = $1 group by type_id, missing_type, declared
    order by count desc, type_id limit $2
  )
  select ${COLUMNS}, p.count, ${microsSql('p.newest')} as newest_us
  from pairs p join stall s on s.trace_key = p.oldest join trace t on t.trace_key = s.trace_key
  order by p.count desc, s.since`;

const SUMS = `
  select (select count(*)::int from ${FROM} where s.workspace_id = $1) as total,
    (select count(*)::int from episode_check where workspace_id = $1 and tap_behind) as tap_behind`;
