'use client';

import { useState } from 'react';
import { failureWords } from '@/components/live/loaded.ts';
import { FormDialog, FormField, textOf } from '@/components/ui/form-dialog.tsx';
import { formatCounted } from '@/components/ui/format-number.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import {
  ALERT_KINDS,
  type AlertKind,
  type AlertScope,
  SEVERITIES,
  type WrittenRule,
} from '@/server/model/alert-rule.ts';
import type { RulePreview } from '@/server/model/alert-wire.ts';
import { previewRule, saveRule } from './alert-acts.ts';

interface RuleFormProps {
  /** The rule that is changed; null for a new one. */
  readonly rule: WrittenRule | null;
  /** Names that may be told. */
  readonly receivers: readonly string[];
  readonly onDone: (saved: boolean) => void;
}

const KINDS = Object.keys(ALERT_KINDS) as readonly AlertKind[];
const SCOPE_WORDS: Record<AlertScope, string> = {
  queue: 'Queue',
  topic: 'Topic',
  event_type: 'Event type',
  service: 'Service',
  group: 'Consumer group',
};

/** A rule, field by field; what it would have done in the last day is a click away. */
export function RuleForm({ rule, receivers, onDone }: RuleFormProps) {
  const [kind, setKind] = useState<AlertKind>(rule?.watch ?? 'dead_letter_depth');
  const [tried, setTried] = useState<RulePreview | string | null>(null);
  const { scopes, windowMs } = ALERT_KINDS[kind];
  return (
    <FormDialog
      title={rule === null ? 'New rule' : `Rule ${safeText(rule.name, 80)}`}
      act="Save rule"
      onSend={(values) => saveRule(ruleFrom(values, rule), rule?.name ?? null)}
      onDone={onDone}
    >
      {rule === null ? (
        <FormField label="Name">
          <input name="name" required maxLength={100} placeholder="Dead letters growing" />
        </FormField>
      ) : null}
      <FormField label="Watches">
        <select name="watch" value={kind} onChange={({ target }) => setKind(target.value as AlertKind)}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {ALERT_KINDS[one].title}
            </option>
          ))}
        </select>
      </FormField>
      <div className="form-row">
        <FormField label="Fires above" hint={hintOf(kind)}>
          <input name="threshold" defaultValue={rule?.threshold ?? ''} />
        </FormField>
        <FormField label="For" hint="30s, 5m, 2h">
          <input name="for" defaultValue={rule?.for ?? ''} />
        </FormField>
        {windowMs === null ? null : (
          <FormField label="Over the last">
            <input name="window" defaultValue={rule?.window ?? ''} placeholder={`${windowMs / 60_000}m`} />
          </FormField>
        )}
        <FormField label="Keeps firing for">
          <input name="keep_firing_for" defaultValue={rule?.keep_firing_for ?? ''} />
        </FormField>
      </div>
      {scopes.length === 0 ? null : (
        <div className="form-row">
          {scopes.map((scope) => (
            <FormField key={scope} label={SCOPE_WORDS[scope]} hint="a name or a pattern with *">
              <input name={scope} defaultValue={rule?.[scope] ?? ''} placeholder="any" />
            </FormField>
          ))}
        </div>
      )}
      <div className="form-row">
        <FormField label="Severity">
          <select name="severity" defaultValue={rule?.severity ?? 'warning'}>
            {SEVERITIES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </FormField>
        <FormField label="Tells" hint={receivers.length === 0 ? 'no receiver yet' : receivers.join(', ')}>
          <input name="receivers" defaultValue={rule?.receivers?.join(', ') ?? ''} />
        </FormField>
        <FormField label="Run-book">
          <input name="runbook" type="url" defaultValue={rule?.runbook ?? ''} placeholder="https://" />
        </FormField>
      </div>
      <p className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="ctl"
          onClick={({ currentTarget }) => {
            const { form } = currentTarget;
            if (form === null) return;
            previewRule(ruleFrom(new FormData(form), rule)).then(setTried, (error: unknown) =>
              setTried(failureWords(error)),
            );
          }}
        >
          Try on the last 24 h
        </button>
        <span className="note" role="status">
          {tried === null ? '' : typeof tried === 'string' ? `${safeText(tried, 400)}.` : previewWords(tried)}
        </span>
      </p>
    </FormDialog>
  );
}

function hintOf(kind: AlertKind): string {
  const { units, standard } = ALERT_KINDS[kind];
  const forms = units.map((unit) =>
    unit === 'ms' ? 'a duration: 10s, 24h' : unit === 'share' ? 'a share: 5%' : `a number: ${unit}`,
  );
  return `${forms.join(', or ')}${standard === 'objective' ? '; empty: its objective' : ''}`;
}

/** What the rule would have done. */
export function previewWords({ firing_count, basis, has_history, warnings }: RulePreview): string {
  const often = has_history
    ? `Fires ${formatCounted(firing_count, 'time')} in 24 h`
    : `Fires now: ${firing_count > 0 ? 'yes' : 'no'}`;
  return [often, basis, ...warnings].map((sentence) => `${safeText(sentence, 300)}.`).join(' ');
}

/** What the fields say. Fields that are empty are not said; what the form has no field for stays as it was. */
export function ruleFrom(values: FormData, former: WrittenRule | null): WrittenRule {
  const said = (name: string) => textOf(values, name) || undefined;
  const threshold = said('threshold');
  const receivers = textOf(values, 'receivers')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return {
    ...(former?.labels !== undefined && { labels: former.labels }),
    ...(former?.enabled !== undefined && { enabled: former.enabled }),
    name: former?.name ?? textOf(values, 'name'),
    watch: textOf(values, 'watch') as AlertKind,
    threshold: threshold !== undefined && /^\d+(\.\d+)?$/.test(threshold) ? Number(threshold) : threshold,
    ...{ for: said('for'), window: said('window'), keep_firing_for: said('keep_firing_for') },
    ...{ queue: said('queue'), topic: said('topic'), event_type: said('event_type') },
    ...{ service: said('service'), group: said('group'), runbook: said('runbook') },
    severity: SEVERITIES.find((one) => one === said('severity')),
    ...(receivers.length > 0 && { receivers }),
  };
}
