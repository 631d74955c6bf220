import type { AlertRule } from '../model/alert-rule.ts';
import type { AlertState } from '../model/alert-state.ts';
import { NO_OWNER, type Owner, type Ownership } from '../model/ownership.ts';
import { readTopicName } from '../model/topic-name.ts';

type Said = Pick<AlertState, 'labels' | 'annotations'>;

/** Whom to call about an alert: whoever owns its service, its queue or its topic. */
export function ownerOfAlert({ labels, annotations }: Said, ownership: Ownership): Owner | null {
  const topic = labels.queue ?? labels.topic ?? annotations.topic ?? null;
  const named = topic === null ? null : readTopicName(topic).service;
  const service = labels.service ?? annotations.service ?? named;
  const owner = ownership.ownerOf({ service, topic });
  return owner === NO_OWNER ? null : owner;
}

/** All labels of an alert, as receivers and silences see them. */
export function labelsOf(
  rule: Pick<AlertRule, 'name' | 'severity' | 'labels'>,
  said: Said,
  ownership: Ownership,
): Readonly<Record<string, string>> {
  return {
    ...rule.labels,
    ...said.labels,
    alertname: rule.name,
    severity: rule.severity,
    owner: ownerOfAlert(said, ownership)?.team ?? NO_OWNER,
  };
}
