import type { AlertNotice } from '../../model/alert-notice.ts';
import type { GroupMember } from '../../model/notification.ts';

/** Values of labels and annotations are cut here, so that a body stays within bounds. In UTF-16 units. */
const LONGEST_VALUE = 4_000;

/**
 * The members of a group after a notice. A firing is one member from its begin to its end: what follows its end is not
 * heard, so notices may come twice. One that ends before its receiver knows of it stays, to be told with both times,
 * unless it was withheld: then there is nothing to tell.
 * @param now epoch ms
 */
export function takeNotice(members: readonly GroupMember[], notice: AlertNotice, now: number): readonly GroupMember[] {
  const isSame = (member: GroupMember) => member.fingerprint === notice.fingerprint && member.firing === notice.firing;
  const before = members.find(isSame);
  const others = members.filter((member) => !isSame(member));
  if (before?.status === 'resolved') return members;
  const unknown = before === undefined || (before.status === 'withheld' && before.told === null);
  if (notice.status === 'resolved' && unknown) return others;
  const { receivers: _, ...said } = notice;
  const member: GroupMember = {
    ...said,
    labels: cutValues(notice.labels),
    annotations: cutValues(notice.annotations),
    told: before?.told ?? null,
    newsAt: before !== undefined && before.status === notice.status ? before.newsAt : now,
  };
  // In its place: the order of a group is that in which its alerts came.
  return before === undefined ? [...members, member] : members.map((each) => (each === before ? member : each));
}

function cutValues(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 1)}…` : value,
    ]),
  );
}
