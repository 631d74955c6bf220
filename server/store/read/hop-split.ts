import { hopFlagsFromBits } from '../../model/evidence.ts';
import { type HopSplitWire, MOST_GROUPS_NAMED, type SplitGap, type StretchWire } from '../../model/hop-split-wire.ts';
import type { RecordRef } from '../../model/record.ts';
import { micros } from '../../model/time.ts';
import { microsFromSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import type { EventRow } from './event-rows.ts';
import { type GroupContext, readGroupsOfService } from './groups-of-service.ts';
import { type GroupPass, readPasses } from './passes.ts';
import { type CommitBounds, type HopTimes, type Stretch, splitHop } from './split-hop.ts';

/** The part of an event that its hop is split by. */
export type SplitRow = Pick<
  EventRow,
  'service' | 'occurred_us' | 'hop_us' | 'hop_flags' | 'cause_partition' | 'cause_offset'
> & { readonly cause_incarnation_id: number | null };

type Unknown = Extract<HopSplitWire, { state: 'unknown' }>;

const WHY: Readonly<Record<SplitGap, string>> = {
  cause_not_stored: 'Its cause is not stored.',
  clock_skew: 'By their clocks it occurred before its cause.',
  no_service: 'The event names no service.',
  no_group: 'No group that is known to be of its service has committed on the topic of its cause.',
  several_groups: 'Several groups of its service have committed on the topic of its cause.',
  never_committed: 'The group of its service has committed nothing on the partition of its cause.',
  not_committed: 'The group of its service has not committed behind its cause yet.',
  commits_unread: 'What the group of its service has committed could not be read.',
  clocks_disagree: 'The clock by which commits are told does not fit the clocks of the events.',
  not_watched: 'Nobody looked at the group of its service before it had committed behind its cause.',
  too_coarse: 'The hop is shorter than the time between two looks at the group of its service.',
};

/** An event's hop, split where the group of its service had committed behind its cause; null for one that begins a trace. */
export async function readHopSplit(
  client: Queryable,
  context: GroupContext,
  row: SplitRow,
): Promise<HopSplitWire | null> {
  const cause = toCause(row);
  if (cause === null) {
    return hopFlagsFromBits(row.hop_flags ?? 0).includes('dangling_cause') ? unknown('cause_not_stored') : null;
  }
  const { hop, ref } = cause;
  if (hop.effect < hop.cause) return unknown('clock_skew');
  const { service } = row;
  if (service === null) return unknown('no_service');
  const ids = await readGroupsOfService(client, context, { service, incarnationId: ref.incarnationId });
  return toSplit(hop, ids.length === 0 ? [] : await readPasses(client, ref, ids));
}

/** By coordinates and times of the hop, which stand also when the cause has expired. */
function toCause(row: SplitRow): { readonly hop: HopTimes; readonly ref: RecordRef } | null {
  const { cause_incarnation_id: incarnationId, cause_partition: partition, cause_offset: offset, hop_us: hopUs } = row;
  if (incarnationId === null || partition === null || offset === null || hopUs === null) return null;
  const effect = microsFromSql(row.occurred_us);
  return {
    hop: { cause: micros(effect - Number(hopUs)), effect },
    ref: { incarnationId, partition, offset: BigInt(offset) },
  };
}

function toSplit(hop: HopTimes, passes: readonly GroupPass[]): HopSplitWire {
  const [only, ...more] = passes;
  if (only === undefined) return unknown('no_group');
  if (more.length > 0) return unknown('several_groups', { groups: passes.map(({ group }) => group) });
  const { group, pass } = only;
  switch (pass.state) {
    case 'consumed':
      return splitOf(hop, group, pass);
    case 'not_yet':
      return unknown('not_committed', { groups: [group] });
    case 'unknown':
      return unknown(pass.because, {
        groups: [group],
        ...(pass.because === 'commits_unread' && { why: pass.why }),
      });
  }
}

function splitOf(hop: HopTimes, group: string, { after, before }: CommitBounds): HopSplitWire {
  const resolution_ms = after === null || after > before ? null : (before - after) / 1000;
  const split = splitHop(hop, { after, before });
  if (split.kind === 'unknown') return unknown(split.reason, { groups: [group], resolution_ms });
  const { commit, untilCommit, afterCommit } = split;
  return {
    ...{ state: 'split', group, resolution_ms, commit },
    ...{ until_commit: toWire(untilCommit), after_commit: toWire(afterCommit) },
  };
}

function toWire({ fromUs, toUs }: Stretch): StretchWire {
  return { from_ms: fromUs / 1000, to_ms: toUs / 1000 };
}

function unknown(
  reason: SplitGap,
  { groups = [], why = WHY[reason], resolution_ms = null }: Partial<Omit<Unknown, 'state' | 'reason'>> = {},
): Unknown {
  return { state: 'unknown', reason, why, groups: groups.slice(0, MOST_GROUPS_NAMED), resolution_ms };
}
