import type { AlertNotice } from '../../model/alert-notice.ts';
import type {
  GroupMember,
  GroupPlan,
  Notification,
  NotificationGroup,
  TellingRules,
  ToldAlert,
} from '../../model/notification.ts';
import { decide, isEnded, isUntold } from './decide.ts';
import { takeNotice } from './take-notice.ts';

/** Most alerts of one notification. What is not told yet comes first, and the rest of it in the next one at once. */
const MOST_ALERTS = 200;

/**
 * Takes the notices of a group, in their order, and says what becomes of it. What a notification tells is told: the
 * caller stores both together.
 * @param now epoch ms
 */
export function planGroup(
  before: NotificationGroup,
  notices: readonly AlertNotice[],
  rules: TellingRules,
  now: number,
): GroupPlan {
  const heard = notices.reduce((members, notice) => takeNotice(members, notice, now), before.members);
  const members = rules.sendResolved ? heard : heard.filter(({ status }) => status !== 'resolved');
  if (members.length === 0) return { group: null, notification: null, dueAt: null };
  const group = { ...before, members };
  const decision = decide(group, rules, now);
  if (decision.kind === 'nothing') return { group, notification: null, dueAt: null };
  if (decision.kind === 'wait') return { group, notification: null, dueAt: decision.until };
  return tell(group, decision.reason, rules, now);
}

function tell(group: NotificationGroup, reason: Notification['reason'], rules: TellingRules, now: number): GroupPlan {
  const hasNews = (member: GroupMember) => isUntold(member) || isEnded(member);
  const news = group.members.filter(hasNews);
  const going = group.members.filter((member) => !hasNews(member) && member.status === 'firing');
  const chosen = [...news, ...going].slice(0, MOST_ALERTS);
  const told = new Set(chosen);
  const alerts = chosen.map(alertOf);
  const left = group.members
    .filter((member) => !(told.has(member) && member.status === 'resolved'))
    .map((member) => (told.has(member) ? { ...member, told: 'firing' as const } : member));
  const notification: Notification = {
    reason,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts,
    truncated: going.length + Math.min(news.length, MOST_ALERTS) - chosen.length,
  };
  if (left.length === 0) return { group: null, notification, dueAt: null };
  // News that did not fit is told at once: the group counts as told when all of it is.
  const after = { ...group, toldAt: left.some(hasNews) ? group.toldAt : now, members: left };
  const next = decide(after, rules, now);
  return {
    group: after,
    notification,
    dueAt: next.kind === 'nothing' ? null : next.kind === 'wait' ? next.until : now,
  };
}

function alertOf({ told: _, newsAt: __, status, ...alert }: GroupMember): ToldAlert {
  return { ...alert, status: status === 'resolved' ? 'resolved' : 'firing' };
}
