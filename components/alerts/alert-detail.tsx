'use client';

import Link from 'next/link';
import { useState } from 'react';
import { failureWords } from '@/components/live/loaded.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { AlertTransitionWire } from '@/server/model/alert-wire.ts';
import { removeRule } from './alert-acts.ts';
import { conditionWords, type Row, STATE_WORDS, valueWords } from './alerts-words.ts';

interface AlertDetailProps {
  readonly row: Row;
  readonly transitions: readonly AlertTransitionWire[];
  readonly onEdit: () => void;
  /** Somebody wants to say that the alert's queue is handled. */
  readonly onHandled: () => void;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** One alert and its rule: what it watches, what it says, what it was. */
export function AlertDetail({ row, transitions, onEdit, onHandled, onClose, onChanged }: AlertDetailProps) {
  const { alert, rule } = row;
  const [problem, setProblem] = useState<string | null>(null);
  const act = (work: Promise<unknown>) => {
    setProblem(null);
    work.then(onChanged, (error: unknown) => setProblem(failureWords(error)));
  };
  const own =
    alert === null ? [] : transitions.filter(({ fingerprint }) => fingerprint === alert.fingerprint).slice(0, 12);
  const queue = alert?.labels.queue;
  // A built-in one is changed by one of its name.
  const isFixed = rule?.origin === 'throughline.yaml';
  return (
    <div className="al-rule">
      <div className="sec">
        <h3 className="el">
          <Identifier text={alert?.rule ?? rule?.name ?? ''} />
        </h3>
        {rule === null ? null : (
          <button
            type="button"
            className="u sp"
            onClick={onEdit}
            disabled={isFixed}
            title={isFixed ? 'The rule stands in throughline.yaml: change it there.' : undefined}
          >
            Edit rule
          </button>
        )}
        <button type="button" className="ctl narrow-only" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="al-text">
        {alert?.trouble == null ? null : <p className="st-stalled">{safeText(alert.trouble, 400)}.</p>}
        {rule?.trouble == null ? null : <p className="st-stalled">{safeText(rule.trouble, 400)}.</p>}
        {alert?.annotations.summary === undefined ? null : (
          <p className="f0">{safeText(alert.annotations.summary, 400)}</p>
        )}
        {alert?.annotations.description === undefined ? null : (
          <p className="f1">{safeText(alert.annotations.description, 800)}</p>
        )}
        <dl className="dl">
          {rule === null ? null : (
            <>
              <dt>Fires when</dt>
              <dd>{safeText(conditionWords(rule.kind, rule.threshold, rule.written), 300)}</dd>
              <dt>Watches</dt>
              <dd>{rule.title}</dd>
              <dt>From</dt>
              <dd>{rule.origin}</dd>
            </>
          )}
          {alert === null ? null : (
            <>
              <dt>Now</dt>
              <dd className="m">{valueWords(alert.value, alert.threshold.unit)}</dd>
              {(alert.expired_unhandled ?? 0) > 0 ? (
                <>
                  <dt>Expired unhandled</dt>
                  <dd className="st-dead m">{valueWords(alert.expired_unhandled, 'records')}</dd>
                </>
              ) : null}
              <dt>Owner</dt>
              <dd>
                {alert.owner === null ? <span className="f2">no owner</span> : <Identifier text={alert.owner.team} />}
              </dd>
            </>
          )}
          <dt>No data</dt>
          <dd className="f1">says so, never clears the alert</dd>
          {rule === null || rule.warnings.length === 0 ? null : (
            <>
              <dt>Mind</dt>
              <dd>{safeText(rule.warnings.join('. '), 400)}</dd>
            </>
          )}
        </dl>
        <div className="mt-3 flex flex-wrap gap-2">
          {queue === undefined ? null : (
            <Link className="ctl" href={`/dead-letters?${new URLSearchParams({ queue })}`}>
              Open queue
            </Link>
          )}
          {alert?.needs_resolving === true && queue !== undefined ? (
            <button type="button" className="ctl" onClick={onHandled}>
              Queue is handled
            </button>
          ) : null}
          {rule?.origin === 'page' ? (
            <button type="button" className="ctl" onClick={() => act(removeRule(rule.name))}>
              Remove rule
            </button>
          ) : null}
        </div>
        {problem === null ? null : (
          <p className="note st-stalled" role="alert">
            {safeText(problem, 400)}.
          </p>
        )}
      </div>
      {own.length === 0 ? null : (
        <ul className="al-past" aria-label="What it was">
          {own.map(({ at, from, to, value, why }) => (
            <li key={`${at} ${from} ${to}`}>
              <Instant at={at} />
              <span>
                {STATE_WORDS[to]}
                {why === null ? '' : `: ${safeText(why, 200)}`}
              </span>
              <span className="m f1">
                {value === null || alert === null ? '' : valueWords(value, alert.threshold.unit)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
