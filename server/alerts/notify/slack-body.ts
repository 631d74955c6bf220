import type { Notification, ToldAlert } from '../../model/notification.ts';
import { absolute, isLink, withLinks } from './links.ts';
import type { BodyContext } from './webhook-body.ts';

/** Alerts of one message; it says how many more there are. */
const MOST_SHOWN = 20;
/** Longest text of one alert, in UTF-16 units. */
const LONGEST_TEXT = 1_500;

/**
 * A message for an incoming webhook of Slack, and of what takes the same (Mattermost, Rocket.Chat), as JSON. Texts of
 * events are escaped: no name can mention a channel or forge a link.
 */
export function slackBody(notification: Notification, { groupLabels, externalUrl }: BodyContext): string {
  const shown = notification.alerts.slice(0, MOST_SHOWN);
  const more = notification.alerts.length - shown.length + notification.truncated;
  const text = `${headline(notification)} ${escaped(Object.values(groupLabels).join(' '))}`.trim();
  return JSON.stringify({
    text: more > 0 ? `${text} (and ${more} more: <${linkTo(`${externalUrl}/alerts`)}|all alerts>)` : text,
    attachments: shown.map((alert) => attachmentOf(alert, externalUrl)),
  });
}

function headline({ status, alerts }: Notification): string {
  const going = alerts.filter((alert) => alert.status === 'firing').length;
  return status === 'firing' ? `*[FIRING: ${going}]*` : '*[RESOLVED]*';
}

function attachmentOf(alert: ToldAlert, externalUrl: string) {
  const annotations = withLinks(alert.annotations, externalUrl);
  const { summary = alert.labels.alertname ?? alert.fingerprint, description = '' } = annotations;
  const links = Object.entries(annotations)
    .filter(([name, value]) => isLink(name, value))
    .map(([name, value]) => `<${linkTo(value)}|${escaped(name.replace(/_url$/, '').replace('_', ' '))}>`);
  const facts = ['severity', 'owner'].flatMap((name) => {
    const value = alert.labels[name];
    return value === undefined ? [] : [`${name} ${escaped(value)}`];
  });
  const title = `${alert.status === 'resolved' ? 'Resolved: ' : ''}${summary}`;
  return {
    color: alert.status === 'resolved' ? 'good' : 'danger',
    title: escaped(title.slice(0, 300)),
    title_link: absolute(externalUrl, alert.path),
    text: [escaped(description.slice(0, LONGEST_TEXT)), facts.join(' · '), links.join(' · ')]
      .filter((part) => part !== '')
      .join('\n'),
    fallback: escaped(title.slice(0, 300)),
    mrkdwn_in: ['text'],
    ts: Math.floor((alert.status === 'resolved' ? (alert.endsAt ?? alert.startsAt) : alert.startsAt) / 1000),
  };
}

/** The three characters that Slack's markup begins with. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An address inside `<…|…>`. */
function linkTo(url: string): string {
  return escaped(url).replaceAll('|', '%7C');
}
