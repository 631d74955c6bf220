import type { Notification, ToldAlert } from '../../model/notification.ts';
import { absolute, withLinks } from './links.ts';

type Texts = Readonly<Record<string, string>>;

/** What a body says besides the notification. */
export interface BodyContext {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Texts;
  /** Where the pages are reached, without a slash at its end. */
  readonly externalUrl: string;
}

/** How Alertmanager writes the end of an alert that goes on. */
const NO_END = '0001-01-01T00:00:00Z';

/** The body of Alertmanager's webhook, version 4, as JSON. */
export function webhookBody(notification: Notification, context: BodyContext): string {
  const alerts = notification.alerts.map((alert) => alertOf(alert, context.externalUrl));
  return JSON.stringify({
    version: '4',
    groupKey: context.groupKey,
    truncatedAlerts: notification.truncated,
    status: notification.status,
    receiver: context.receiver,
    groupLabels: context.groupLabels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: context.externalUrl,
    alerts,
  });
}

function alertOf(alert: ToldAlert, externalUrl: string) {
  return {
    status: alert.status,
    labels: alert.labels,
    annotations: withLinks(alert.annotations, externalUrl),
    startsAt: new Date(alert.startsAt).toISOString(),
    endsAt: alert.endsAt === null || alert.status === 'firing' ? NO_END : new Date(alert.endsAt).toISOString(),
    generatorURL: absolute(externalUrl, alert.path),
    fingerprint: alert.fingerprint,
  };
}

/** What all have, with the same value. */
function common(all: readonly Texts[]): Texts {
  const [first = {}, ...others] = all;
  const shared = Object.entries(first).filter(([name, value]) =>
    others.every((other) => Object.hasOwn(other, name) && other[name] === value),
  );
  return Object.fromEntries(shared);
}
