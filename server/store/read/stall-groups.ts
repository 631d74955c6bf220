import type { ConsumerGroup } from '../../model/consumer-group-wire.ts';
import type { ServicesOfGroup } from '../../model/group-service.ts';
import type { StallGroup } from '../../model/stall-wire.ts';

/** Most groups told of one stop; those of the service come first. */
const MOST_GROUPS = 10;

/** Who should have made what is missing. */
export interface MissingFrom {
  readonly service: string | null;
  /** The group that a flow names. */
  readonly declared: string | null;
  readonly servicesOf: ServicesOfGroup;
}

/**
 * The groups that should have acted on a topic: those of the service that produces what is missing first, then those
 * that cannot act, then by lag. A declared group that nobody has seen is told as absent.
 */
export function stallGroups(
  groups: readonly ConsumerGroup[],
  { service, declared, servicesOf }: MissingFrom,
): readonly StallGroup[] {
  const told = groups
    .filter(({ own }) => !own)
    .map(
      ({ group, member_count, lag, lag_s }): StallGroup => ({
        ...{ group, lag, lag_s, members: member_count },
        state: member_count === null ? 'unknown' : member_count === 0 ? 'silent' : 'active',
        of_service: declared === null ? service !== null && servicesOf(group).includes(service) : group === declared,
      }),
    );
  const missing = declared !== null && !told.some(({ group }) => group === declared);
  const absent: readonly StallGroup[] = missing
    ? [{ group: declared, state: 'absent', of_service: true, members: null, lag: null, lag_s: null }]
    : [];
  return [...absent, ...told].sort(worstFirst).slice(0, MOST_GROUPS);
}

const RANK = { absent: 0, silent: 1, unknown: 2, active: 3 } as const;

function worstFirst(a: StallGroup, b: StallGroup): number {
  return (
    Number(b.of_service) - Number(a.of_service) ||
    RANK[a.state] - RANK[b.state] ||
    compare(BigInt(b.lag ?? -1), BigInt(a.lag ?? -1)) ||
    (a.group < b.group ? -1 : 1)
  );
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
