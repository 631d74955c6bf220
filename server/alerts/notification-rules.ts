import type { NotificationRules } from '../ports/deliveries.ts';
import { groupOf } from './notify/group-of.ts';
import { planGroup } from './notify/plan-group.ts';
import { slackBody } from './notify/slack-body.ts';
import { webhookBody } from './notify/webhook-body.ts';

/** How alerts are grouped, when they are told, and what is written. @param externalUrl where pages are reached */
export function notificationRules(externalUrl: string): NotificationRules {
  return {
    groupOf: ({ name, groupBy }, labels) => groupOf(name, groupBy, labels),
    plan: planGroup,
    bodyOf(notification, { name, kind }, group) {
      const context = { receiver: name, groupKey: group.key, groupLabels: group.labels, externalUrl };
      return kind === 'slack' ? slackBody(notification, context) : webhookBody(notification, context);
    },
  };
}
