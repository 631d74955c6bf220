import { expect, test } from 'vitest';
import type { Notification, ToldAlert } from '../../model/notification.ts';
import { groupOf } from './group-of.ts';
import { slackBody } from './slack-body.ts';
import { webhookBody } from './webhook-body.ts';

const alert: ToldAlert = {
  fingerprint: '00112233aabbccdd',
  firing: 1,
  status: 'firing',
  labels: { alertname: 'Dead letters', severity: 'critical', owner: 'orders', topic: 'x.dlq' },
  annotations: { summary: '101 records on x.dlq', queue_url: '/dead-letters/x.dlq', trace_1: '/traces/c-1' },
  startsAt: Date.UTC(2026, 2, 1, 12),
  endsAt: null,
  path: '/alerts?alert=00112233aabbccdd',
};
const ended: ToldAlert = {
  ...alert,
  fingerprint: 'ffffffffffffffff',
  status: 'resolved',
  labels: { ...alert.labels, topic: 'y.dlq' },
  endsAt: Date.UTC(2026, 2, 1, 13),
};
const notification: Notification = { reason: 'first', status: 'firing', alerts: [alert, ended], truncated: 3 };
const context = {
  receiver: 'ops',
  groupKey: '{receiver="ops"}:{}',
  groupLabels: { alertname: 'Dead letters' },
  externalUrl: 'http://here:3000',
};

test('the body of a webhook has the shape of Alertmanager’s version 4, and nothing else', () => {
  expect(JSON.parse(webhookBody(notification, context))).toEqual({
    version: '4',
    groupKey: '{receiver="ops"}:{}',
    truncatedAlerts: 3,
    status: 'firing',
    receiver: 'ops',
    groupLabels: { alertname: 'Dead letters' },
    commonLabels: { alertname: 'Dead letters', severity: 'critical', owner: 'orders' },
    commonAnnotations: {
      summary: '101 records on x.dlq',
      queue_url: 'http://here:3000/dead-letters/x.dlq',
      trace_1: 'http://here:3000/traces/c-1',
    },
    externalURL: 'http://here:3000',
    alerts: [
      {
        status: 'firing',
        labels: alert.labels,
        annotations: {
          summary: '101 records on x.dlq',
          queue_url: 'http://here:3000/dead-letters/x.dlq',
          trace_1: 'http://here:3000/traces/c-1',
        },
        startsAt: '2026-03-01T12:00:00.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://here:3000/alerts?alert=00112233aabbccdd',
        fingerprint: '00112233aabbccdd',
      },
      expect.objectContaining({ status: 'resolved', endsAt: '2026-03-01T13:00:00.000Z' }),
    ],
  });
});

test('a message for Slack names the alert, its owner and its links', () => {
  const { text, attachments } = JSON.parse(slackBody(notification, context));
  expect(text).toBe('*[FIRING: 1]* Dead letters (and 3 more: <http://here:3000/alerts|all alerts>)');
  expect(attachments[0]).toMatchObject({
    color: 'danger',
    title: '101 records on x.dlq',
    title_link: 'http://here:3000/alerts?alert=00112233aabbccdd',
    text: 'severity critical · owner orders\n<http://here:3000/dead-letters/x.dlq|queue> · <http://here:3000/traces/c-1|trace 1>',
  });
  expect(attachments[1]).toMatchObject({ color: 'good', title: 'Resolved: 101 records on x.dlq' });
});

test('what an event wrote cannot mention a channel or forge a link in Slack', () => {
  const hostile = '<!channel> <https://evil|queue> & @here';
  const told = { ...alert, annotations: { summary: hostile, description: hostile, trace_1: 'https://a/|<!here>' } };
  const body = slackBody(
    { ...notification, alerts: [told], truncated: 0 },
    { ...context, groupLabels: { a: hostile } },
  );
  expect(body).not.toMatch(/<!|<https:\/\/evil/);
  expect(body).toContain('<https://a/%7C&lt;!here&gt;|trace 1>');
});

test('a message stays small however many alerts there are', () => {
  const many = Array.from({ length: 200 }, () => ({ ...alert, annotations: { description: 'x'.repeat(4000) } }));
  const body = slackBody({ ...notification, alerts: many, truncated: 7 }, context);
  expect(body.length).toBeLessThan(40_000);
  expect(body).toContain('and 187 more');
});

test('alerts with the same values of the labels that are grouped by are one group, and no others', () => {
  const labels = { alertname: 'a', topic: 'x",topic="y', owner: 'o' };
  expect(groupOf('r', ['topic', 'alertname', 'topic', 'missing'], labels)).toEqual({
    key: '{receiver="r"}:{"alertname"="a","topic"="x\\",topic=\\"y"}',
    labels: { alertname: 'a', topic: 'x",topic="y' },
  });
  expect(groupOf('r', [], labels).key).toBe(groupOf('r', ['constructor'], labels).key);
  expect(groupOf('r', ['topic'], { topic: 'x' }).key).not.toBe(groupOf('r2', ['topic'], { topic: 'x' }).key);
});
