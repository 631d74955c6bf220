import type { Pool } from 'pg';
import type { AsOf } from '../../model/as-of.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import type { BackfillWire, Pulse, SourceKind, TapWire } from '../../model/wire.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TapState } from '../../ports/process-store.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { shareForASecond } from './share.ts';

/** A tap whose row is older than this is not heard. */
export const HEARD_MS = 10_000;
/** Marks looked at when traces waiting for settle are counted: past it the count is a lower bound. */
const WAITING_LIMIT = 10_000;

/** The pulse, with the sums behind it. */
export interface PulseReading {
  readonly pulse: Pulse;
  readonly lag: bigint;
  readonly partitions: number;
  /** No unread record is older; `any age` while a partition with lag gives no hint; null when everything is read. */
  readonly unreadFrom: Micros | 'any age' | null;
}

interface PulseRow {
  now_us: string;
  cluster: { id: string; name: string; source: SourceKind } | null;
  taps: readonly { heard: boolean; state: TapState }[];
  stored: string;
  lag: string;
  partitions: number;
  unsampled: number;
  backfill_left: string;
  /** By partition the later of two: when nothing was left to read, and the timestamp of the last stored record. */
  oldest_unread_us: string | null;
  unread_of_any_age: boolean;
  holes: number;
  hole_size: string;
  unreadable: readonly { topic: string; reason: string }[];
  oldest_mark_us: string | null;
  waiting: number;
}

/** Reads the pulse in one round trip. */
async function readPulse(pool: Pool, workspaceId: number): Promise<PulseReading> {
  const { rows } = await pool.query<PulseRow>(SELECT, [workspaceId]);
  const [row] = rows;
  if (row === undefined) throw new Error('the pulse query answered no row');
  const stored = BigInt(row.stored);
  const lag = BigInt(row.lag);
  const known = stored + lag + BigInt(row.hole_size);
  const asOf = microsToRfc3339(microsFromSql(row.now_us));
  return {
    lag,
    partitions: row.partitions,
    unreadFrom: unreadFrom(row),
    pulse: {
      as_of: asOf,
      cluster: row.cluster,
      tap: toTap(row, lag),
      settled: {
        to: row.oldest_mark_us === null ? asOf : microsToRfc3339(microsFromSql(row.oldest_mark_us)),
        waiting: row.waiting,
      },
      stored_share: known === 0n ? null : Number(stored) / Number(known),
      holes: row.holes,
    },
  };
}

function toTap(row: PulseRow, lag: bigint): TapWire {
  const heard = row.taps.filter((tap) => tap.heard);
  const connected = heard.find((tap) => tap.state.connected);
  const speaker = connected ?? heard[0];
  return {
    connected: connected !== undefined,
    message: speaker === undefined ? 'No tap is running.' : connected === undefined ? speaker.state.message : null,
    since: speaker?.state.since ?? null,
    up: heard.length,
    known: row.taps.length,
    lag: lag.toString(),
    behind_s: behindS(row, lag),
    backfill: toBackfill(heard, row.backfill_left),
    unreadable: row.unreadable,
  };
}

/** The shares of all taps that are heard, with what the positions say is left. */
function toBackfill(heard: PulseRow['taps'], left: string): BackfillWire | null {
  const shares = heard.flatMap(({ state }) => state.backfill ?? []);
  const [startedAt] = shares.map(({ started_at }) => started_at).sort();
  if (startedAt === undefined || left === '0') return null;
  return {
    records: sumOf(shares.map(({ records }) => records)) ?? left,
    records_left: left,
    bytes: sumOf(shares.map(({ bytes }) => bytes)),
    disk_bytes: sumOf(shares.map(({ disk_bytes }) => disk_bytes)),
    started_at: startedAt,
    bytes_per_s: shares.reduce<number | null>(
      (sum, { bytes_per_s }) => (sum === null || bytes_per_s === null ? null : sum + bytes_per_s),
      0,
    ),
  };
}

/** Null when any of them is unknown. */
function sumOf(texts: readonly (string | null)[]): string | null {
  return texts.reduce((sum, text) => (sum === null || text === null ? null : String(BigInt(sum) + BigInt(text))), '0');
}

/** Zero only when everything is known to be read: a partition whose end was never looked at may hold anything. */
function behindS(row: PulseRow, lag: bigint): number | null {
  if (lag === 0n) return row.unsampled > 0 ? null : 0;
  const from = unreadFrom(row);
  return typeof from === 'number' ? Math.max(0, Math.round((Number(row.now_us) - from) / 1e6)) : null;
}

function unreadFrom(row: PulseRow): PulseReading['unreadFrom'] {
  if (row.unread_of_any_age) return 'any age';
  return row.oldest_unread_us === null ? null : microsFromSql(row.oldest_unread_us);
}

/** The instant no unread record of partition `p` is older than; null when nothing is known of it. */
export const UNREAD_FROM = 'greatest(p.last_recorded_at, p.all_read_at)';

// Sums run over one row per partition. Partitions of a topic that is gone have no lag: nothing of them can be read.
const SELECT = `
  with live as (
    select p.*, i.gone_at is not null as gone, ${UNREAD_FROM} as unread_from,
      case when i.gone_at is null then greatest(p.high - p.next_offset, 0) else 0 end as lag
    from partition_state p join incarnation i on i.id = p.incarnation_id where i.workspace_id = $1
  ), sums as (
    select coalesce(sum(next_offset - first_offset), 0) as covered, coalesce(sum(lag), 0) as lag,
      count(*)::int as partitions, min(unread_from) filter (where lag > 0) as oldest_unread,
      count(*) filter (where lag > 0 and unread_from is null) > 0 as unread_of_any_age,
      count(*) filter (where high is null and not gone)::int as unsampled,
      coalesce(sum(greatest(backfill_end - next_offset, 0)) filter (where not gone), 0)::text as backfill_left
    from live
  ), holes as (
    select count(*)::int as holes, coalesce(sum(h.to_offset - h.from_offset), 0) as size,
      coalesce(sum(h.to_offset - h.from_offset) filter (where h.from_offset >= l.first_offset), 0) as inside
    from hole h join live l using (incarnation_id, partition)
  ), marks as (
    select m.marked_at from unnest(array[0, 1, 2, 3]) as s(shard) cross join lateral (
      select marked_at from dirty_mark where shard = s.shard order by marked_at limit 1) m
  )
  select ${microsSql('now()')} as now_us,
    (select json_build_object('id', kafka_id, 'name', name, 'source', source) from cluster
      where workspace_id = $1 order by
        kafka_id = (select state->>'cluster' from process where kind = 'tap' order by seen_at desc limit 1) desc nulls last,
        id desc limit 1) as cluster,
    (select coalesce(json_agg(json_build_object(
        'heard', seen_at > now() - interval '${HEARD_MS} milliseconds', 'state', state) order by seen_at desc), '[]')
      from process where kind = 'tap') as taps,
    (sums.covered - holes.inside)::text as stored, sums.lag::text as lag, sums.partitions, sums.unsampled, sums.backfill_left,
    ${microsSql('sums.oldest_unread')} as oldest_unread_us, sums.unread_of_any_age,
    holes.holes, holes.size::text as hole_size,
    (select coalesce(json_agg(json_build_object('topic', topic, 'reason', unreadable) order by topic), '[]')
      from incarnation where workspace_id = $1 and unreadable is not null and gone_at is null) as unreadable,
    (select ${microsSql('min(marked_at)')} from marks) as oldest_mark_us,
    (select count(distinct trace_key)::int from
      (select trace_key from dirty_mark where workspace_id = $1 limit ${WAITING_LIMIT}) m) as waiting
  from sums, holes`;

/** Shares one reading of the pulse between the answers of a second. */
export function sharePulse(pool: Pool, workspaceId: number, clock: Clock): () => Promise<PulseReading> {
  return shareForASecond(clock, () => readPulse(pool, workspaceId));
}

/** What stands on every list. */
export function toAsOf({ pulse, lag }: PulseReading): AsOf {
  return {
    as_of: pulse.as_of,
    coverage: {
      stored_share: pulse.stored_share,
      holes: pulse.holes,
      lower_bound: lag > 0n || pulse.holes > 0 || pulse.tap.unreadable.length > 0,
    },
  };
}
