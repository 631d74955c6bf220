'use client';

import { useState } from 'react';
import { failureWords } from '@/components/live/loaded.ts';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { AttemptWire, DeliveryList, DeliveryWire } from '@/server/model/delivery-wire.ts';
import { resendDelivery } from './alert-acts.ts';

/** Every try of every notification, the newest first; what was given up can be sent again. */
export function DeliveryLog({ list, onChanged }: { list: DeliveryList | null; onChanged: () => void }) {
  return (
    <div className="wide">
      <div className="sec">
        <h3>Delivery log</h3>
        <span className="note">{list === null ? '' : countWords(list)}</span>
      </div>
      {list?.deliveries.length === 0 ? <p className="note px-5 py-3">Nothing was sent yet.</p> : null}
      <ul className="al-tries" aria-label="Deliveries">
        {list?.deliveries.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} onChanged={onChanged} />
        ))}
      </ul>
    </div>
  );
}

function countWords({ waiting, dead }: DeliveryList): string {
  const parts = [waiting > 0 ? `${waiting} waiting` : '', dead > 0 ? `${dead} given up` : ''].filter(Boolean);
  return parts.length === 0 ? 'every try' : parts.join(', ');
}

function Delivery({ delivery, onChanged }: { delivery: DeliveryWire; onChanged: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const resend = () => {
    setProblem(null);
    resendDelivery(delivery.id).then(onChanged, (error: unknown) => setProblem(failureWords(error)));
  };
  const [alert] = delivery.alerts;
  const name =
    alert === undefined
      ? delivery.reason === 'test'
        ? 'Test'
        : 'No alert'
      : delivery.alerts.length === 1
        ? alert.name
        : `${alert.name} +${delivery.alerts.length - 1}`;
  return (
    <li>
      <Instant at={delivery.created_at} />
      <Identifier text={name} className="el" />
      <Identifier text={delivery.receiver} className="el f1" />
      <Outcome delivery={delivery} />
      <span className="f2 el" title={delivery.message ?? undefined}>
        {afterWords(delivery)}
      </span>
      {delivery.state === 'waiting' ? (
        <span />
      ) : (
        <button type="button" className="u" onClick={resend}>
          Send again
        </button>
      )}
      {problem === null ? null : (
        <p className="note st-stalled" role="alert">
          {safeText(problem, 300)}.
        </p>
      )}
    </li>
  );
}

function Outcome({ delivery: { state, attempts } }: { delivery: DeliveryWire }) {
  const [last] = attempts;
  const ok = state === 'delivered';
  return (
    <span
      className={`flex items-center gap-2 ${ok ? '' : state === 'dead' ? 'st-stalled' : 'f1'}`}
      title={last?.sentence}
    >
      <StateMark kind={ok ? 'done' : state === 'dead' ? 'stalled' : 'running'} />
      <span className="m">{last === undefined ? 'waits' : tryWords(last)}</span>
    </span>
  );
}

/** `200 184 ms`, or how a try ended that got no answer. */
export function tryWords({ status, outcome, latency_ms }: AttemptWire): string {
  const what = status === null ? outcome : `${status}`;
  return latency_ms === null ? what : `${what} ${formatDuration(latency_ms)}`;
}

function afterWords({ attempt_count, next_try_at, state }: DeliveryWire): string {
  const tries = attempt_count > 1 ? formatCounted(attempt_count, 'try', 'tries') : '';
  const next = state === 'waiting' && next_try_at !== null ? `again at ${next_try_at.slice(11, 19)}` : '';
  return [tries, next].filter(Boolean).join(', ');
}
