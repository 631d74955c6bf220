import { sendApi } from '@/components/live/loaded.ts';
import type { WrittenRule } from '@/server/model/alert-rule.ts';
import type { AlertWire, MatcherWire, RulePreview } from '@/server/model/alert-wire.ts';
import type { ReceiverRequest } from '@/server/model/delivery-wire.ts';

/** Somebody takes care of a firing alert. */
export function takeAlert(fingerprint: string, author: string, note: string): Promise<unknown> {
  return sendApi(`/api/v1/alerts/${encodeURIComponent(fingerprint)}/acknowledge`, {
    author,
    ...(note !== '' && { note }),
  });
}

export interface SilenceText {
  readonly matchers: readonly MatcherWire[];
  readonly until: string;
  readonly reason: string;
  readonly author: string;
}

/** Alerts that all matchers fit are not told until then. */
export function silence(text: SilenceText): Promise<unknown> {
  return sendApi('/api/v1/silences', text);
}

/** What silences exactly this alert: every label that tells it from others. */
export function matchersOf({ rule, labels }: Pick<AlertWire, 'rule' | 'labels'>): readonly MatcherWire[] {
  const own = Object.entries(labels).filter(([label]) => !['alertname', 'severity', 'owner'].includes(label));
  return [['alertname', labels.alertname ?? rule] as const, ...own].map(([label, value]) => ({
    ...{ label, operator: '=', value },
  }));
}

/** Everything in a queue until now counts as handled. */
export function resolveQueue(queue: { topic: string; cluster: string | undefined }, author: string, note: string) {
  return sendApi('/api/v1/alerts/queue-resolved', { ...queue, author, ...(note !== '' && { note }) });
}

/** A rule is made, or put in the place of the one of this name. */
export function saveRule(rule: WrittenRule, former: string | null): Promise<unknown> {
  return former === null
    ? sendApi('/api/v1/alert-rules', rule)
    : sendApi(`/api/v1/alert-rules/${encodeURIComponent(former)}`, rule, { method: 'PUT' });
}

export function removeRule(name: string): Promise<unknown> {
  return sendApi(`/api/v1/alert-rules/${encodeURIComponent(name)}`, {}, { method: 'DELETE' });
}

/** The rule held against the last 24 hours; nothing is changed. */
export function previewRule(rule: WrittenRule, signal: AbortSignal | null = null): Promise<RulePreview> {
  return sendApi<RulePreview>('/api/v1/alert-rules/preview', rule, { signal });
}

export function makeReceiver(receiver: ReceiverRequest): Promise<unknown> {
  return sendApi('/api/v1/receivers', receiver);
}

/** A test message is put among the deliveries. */
export function testReceiver(name: string): Promise<unknown> {
  return sendApi(`/api/v1/receivers/${encodeURIComponent(name)}/test`, {});
}

export function resendDelivery(id: string): Promise<unknown> {
  return sendApi(`/api/v1/deliveries/${encodeURIComponent(id)}/resend`, {});
}
