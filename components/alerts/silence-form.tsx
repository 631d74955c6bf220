'use client';

import { FormDialog, FormField, textOf } from '@/components/ui/form-dialog.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { AlertWire } from '@/server/model/alert-wire.ts';
import { matchersOf, resolveQueue, silence, takeAlert } from './alert-acts.ts';

interface AlertFormProps {
  readonly alert: AlertWire;
  readonly onDone: (sent: boolean) => void;
}

const HOURS = [1, 4, 12, 24, 72] as const;

/** How long an alert is not told, why, and by whom. */
export function SilenceForm({ alert, onDone }: AlertFormProps) {
  return (
    <FormDialog
      title="Silence this alert"
      act="Silence"
      onSend={(values) =>
        silence({
          matchers: matchersOf(alert),
          until: new Date(Date.now() + Number(textOf(values, 'hours')) * 3_600_000).toISOString(),
          reason: textOf(values, 'reason'),
          author: textOf(values, 'author'),
        })
      }
      onDone={onDone}
    >
      <p className="m f1 wrap-anywhere">
        {matchersOf(alert)
          .map(({ label, value }) => `${label}="${safeText(value, 120)}"`)
          .join(' ')}
      </p>
      <FormField label="For">
        <select name="hours" defaultValue="4">
          {HOURS.map((hours) => (
            <option key={hours} value={hours}>
              {hours} h
            </option>
          ))}
        </select>
      </FormField>
      <FormField label="Reason">
        <input name="reason" required maxLength={500} />
      </FormField>
      <FormField label="By">
        <input name="author" required maxLength={100} autoComplete="username" />
      </FormField>
    </FormDialog>
  );
}

/** Who takes care of an alert. */
export function TakeForm({ alert, onDone }: AlertFormProps) {
  return (
    <FormDialog
      title="Take this alert"
      act="Take it"
      onSend={(values) => takeAlert(alert.fingerprint, textOf(values, 'author'), textOf(values, 'note'))}
      onDone={onDone}
    >
      <WhoAndNote />
    </FormDialog>
  );
}

/** Who says that everything in an alert's queue is handled. */
export function HandledForm({ alert, onDone }: AlertFormProps) {
  const { queue = '', cluster } = alert.labels;
  return (
    <FormDialog
      title="Everything in the queue is handled"
      act="It is handled"
      onSend={(values) => resolveQueue({ topic: queue, cluster }, textOf(values, 'author'), textOf(values, 'note'))}
      onDone={onDone}
    >
      <p className="m f1 wrap-anywhere">{safeText(queue, 249)}</p>
      <p className="note">What is in it until now counts no more; later records do. Kafka hears nothing of it.</p>
      <WhoAndNote />
    </FormDialog>
  );
}

function WhoAndNote() {
  return (
    <>
      <FormField label="By">
        <input name="author" required maxLength={100} autoComplete="username" />
      </FormField>
      <FormField label="Note">
        <input name="note" maxLength={500} />
      </FormField>
    </>
  );
}
