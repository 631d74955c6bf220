'use client';

import { useState } from 'react';
import { failureWords } from '@/components/live/loaded.ts';
import { FormDialog, FormField, textOf } from '@/components/ui/form-dialog.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { ReceiverWire } from '@/server/model/delivery-wire.ts';
import { makeReceiver, testReceiver } from './alert-acts.ts';

/** Who is told, with what came of it last, and a way to try. */
export function ReceiversPanel({
  receivers,
  onChanged,
}: {
  receivers: readonly ReceiverWire[] | null;
  onChanged: () => void;
}) {
  const [making, setMaking] = useState(false);
  return (
    <div>
      <div className="sec">
        <h3>Receivers</h3>
        <button type="button" className="u sp" onClick={() => setMaking(true)}>
          New receiver
        </button>
      </div>
      {receivers?.length === 0 ? (
        <p className="note px-5 py-3">Nobody is told yet. A receiver is a webhook or a channel of Slack.</p>
      ) : null}
      <ul>
        {receivers?.map((one) => (
          <Receiver key={one.name} receiver={one} onChanged={onChanged} />
        ))}
      </ul>
      {making ? (
        <NewReceiver
          onDone={(sent) => {
            setMaking(false);
            if (sent) onChanged();
          }}
        />
      ) : null}
    </div>
  );
}

function Receiver({ receiver, onChanged }: { receiver: ReceiverWire; onChanged: () => void }) {
  const [said, say] = useState<string | null>(null);
  const troubled = receiver.disabled !== null || receiver.dead > 0;
  const test = () => {
    say(null);
    testReceiver(receiver.name).then(
      () => {
        say('Test is on its way');
        onChanged();
      },
      (error: unknown) => say(failureWords(error)),
    );
  };
  return (
    <li className="al-receiver">
      <StateMark kind={troubled ? 'stalled' : 'done'} />
      <div className="min-w-0">
        <p className="el">
          <Identifier text={receiver.name} className="font-semibold" />{' '}
          <span className="f1">
            {receiver.kind}
            {receiver.secret === null ? '' : ', signed'}
          </span>
        </p>
        <p className="m f2 wrap-anywhere">
          {receiver.address === null ? 'address set outside the page' : safeText(receiver.address, 200)}
        </p>
        <p className={troubled ? 'st-stalled' : 'f1'}>
          {receiver.disabled !== null ? (
            `Off: ${safeText(receiver.disabled.reason, 200)}`
          ) : receiver.last_delivered_at === null ? (
            'nothing delivered yet'
          ) : (
            <>
              delivered <Instant at={receiver.last_delivered_at} />
            </>
          )}
          {receiver.waiting > 0 ? `, ${receiver.waiting} waiting` : ''}
          {receiver.dead > 0 ? `, ${receiver.dead} given up` : ''}
        </p>
        <p className="note" role="status">
          {said === null ? '' : safeText(said, 300)}
        </p>
      </div>
      <button type="button" className="ctl" onClick={test}>
        Send test
      </button>
    </li>
  );
}

function NewReceiver({ onDone }: { onDone: (sent: boolean) => void }) {
  return (
    <FormDialog
      title="New receiver"
      act="Make receiver"
      onSend={(values) => {
        const secret = textOf(values, 'secret');
        return makeReceiver({
          name: textOf(values, 'name'),
          kind: textOf(values, 'kind') === 'slack' ? 'slack' : 'webhook',
          url: textOf(values, 'url'),
          ...(secret !== '' && { secret }),
        });
      }}
      onDone={onDone}
    >
      <FormField label="Name">
        <input name="name" required maxLength={100} />
      </FormField>
      <FormField label="Kind">
        <select name="kind">
          <option value="webhook">Webhook, Alertmanager’s body</option>
          <option value="slack">Slack or alike</option>
        </select>
      </FormField>
      <FormField label="Address" hint="http or https; never shown again with its query">
        <input name="url" type="url" required maxLength={2000} autoComplete="off" />
      </FormField>
      <FormField label="Secret" hint="whsec_…, signs each delivery; never shown again">
        <input name="secret" type="password" maxLength={500} autoComplete="off" />
      </FormField>
    </FormDialog>
  );
}
