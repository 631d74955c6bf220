import type { SendReason } from '../../model/delivery-wire.ts';
import type { GroupMember, NotificationGroup, TellingRules } from '../../model/notification.ts';

export type Decision =
  | { readonly kind: 'send'; readonly reason: SendReason }
  /** Until an instant, epoch ms. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Only news can change that. */
  | { readonly kind: 'nothing' };

/** True for an alert whose firing its receiver has not heard of: it goes on, or it has ended in the meantime. */
export function isUntold({ status, told }: GroupMember): boolean {
  return told === null && status !== 'withheld';
}

/** True for an alert whose firing was told, and whose end was not. */
export function isEnded({ status, told }: GroupMember): boolean {
  return status === 'resolved' && told === 'firing';
}

/**
 * Whether a group is told now, in Alertmanager's order: the first time; new alerts in the group; all resolved; some
 * resolved; the repeat interval. News waits for `groupWaitMs`, so that what breaks together is told together, and at
 * least until `groupIntervalMs` after the notification before. Members of a receiver that hears of no ends have none.
 * @param now epoch ms
 */
export function decide({ toldAt, members }: NotificationGroup, rules: TellingRules, now: number): Decision {
  const fresh = members.filter(isUntold);
  const ended = members.filter(isEnded);
  const news = fresh.length > 0 ? fresh : ended;
  if (news.length > 0) {
    const quiet = Math.min(...news.map(({ newsAt }) => newsAt)) + rules.groupWaitMs;
    const due = toldAt === null ? quiet : Math.max(quiet, toldAt + rules.groupIntervalMs);
    return at(due, now, reasonOf(fresh.length > 0, toldAt === null, members));
  }
  const repeats = toldAt !== null && members.some(({ status }) => status === 'firing');
  return repeats ? at(toldAt + rules.repeatIntervalMs, now, 'repeat') : { kind: 'nothing' };
}

function reasonOf(anyUntold: boolean, neverTold: boolean, members: readonly GroupMember[]): SendReason {
  if (neverTold) return 'first';
  if (anyUntold) return 'new alerts';
  return members.every(({ status }) => status === 'resolved') ? 'all resolved' : 'some resolved';
}

function at(due: number, now: number, reason: SendReason): Decision {
  return due <= now ? { kind: 'send', reason } : { kind: 'wait', until: due };
}
