'use client';

import Link from 'next/link';
import { FIELD_WORDS, FLAG_SENTENCES, ID_KIND_SENTENCES } from '@/components/ui/envelope-words.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { REASON_SENTENCES } from '@/components/ui/reason-words.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { Explanation, RuleTrial } from '@/server/model/dialect-wire.ts';
import { FORMAT_WORDS } from './format-words.ts';

/** How a record is read: the dialect, each field with the rule that found it, and what was passed over. */
export function TryAnswer({ answer, order }: { answer: Explanation; order: ReadonlyMap<string, number | null> }) {
  const matched = answer.dialects.some((one) => one.matched);
  const place = order.get(answer.dialect);
  return (
    <div className="answer">
      <p className="head">
        <StateMark kind={matched ? 'done' : 'unknown'} />
        {matched ? (
          <span>
            {place == null ? 'Read by ' : `Dialect ${place}, `}
            <Identifier text={answer.dialect} className="m" />
          </span>
        ) : (
          <span>No rule matched</span>
        )}
      </p>
      <p className="note mb-2">
        {answer.reason === null ? '' : `${REASON_SENTENCES[answer.reason]} `}
        {answer.format === null ? '' : `${FORMAT_WORDS[answer.format]}. `}
        {ID_KIND_SENTENCES[answer.id_kind]}
        {answer.id_kind === 'record' ? null : (
          <>
            {' '}
            <Link className="u f1" href={`/traces/key:${answer.trace_key}`}>
              The trace of this id
            </Link>
          </>
        )}
      </p>
      <dl className="dl answers">
        {answer.fields.map(({ field, value, trials }) => (
          <Field key={field} name={FIELD_WORDS[field]} value={value} trials={trials} />
        ))}
      </dl>
      {answer.flags.length === 0 ? null : (
        <ul className="flags">
          {answer.flags.map((flag) => (
            <li key={flag}>{FLAG_SENTENCES[flag]}</li>
          ))}
        </ul>
      )}
      <PassedOver dialects={answer.dialects.filter((one) => !one.matched)} matched={matched} />
    </div>
  );
}

function Field({ name, value, trials }: { name: string; value: string | null; trials: readonly RuleTrial[] }) {
  const found = trials.find(({ outcome }) => outcome === 'found');
  const rejected = trials.filter(({ outcome }) => outcome === 'rejected');
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {value === null ? <span className="f2">–</span> : <Identifier text={value} className="m" />}
        {found === undefined ? null : <Identifier text={found.rule} className="m f2 block" />}
        {rejected.map((trial) => (
          <span key={trial.rule} className="block f2">
            <Identifier text={trial.rule} className="m" /> has{' '}
            <bdi className="m f1">{safeText(trial.value ?? '', 200)}</bdi>, not taken
            {trial.why === null ? '' : `. ${safeText(trial.why)}`}
          </span>
        ))}
      </dd>
    </>
  );
}

function PassedOver({ dialects, matched }: { dialects: Explanation['dialects']; matched: boolean }) {
  if (dialects.length === 0) return null;
  return (
    <details className="mt-2">
      <summary className="u t12 f1">
        {matched
          ? `${formatCounted(dialects.length, 'dialect')} before it did not match`
          : `None of ${formatCounted(dialects.length, 'dialect')} matched`}
      </summary>
      <ol className="passed">
        {dialects.map(({ name, failed }) => (
          <li key={name}>
            <Identifier text={name} className="m f1" />
            <span className="f2">
              {failed === null ? (
                ' was not reached'
              ) : (
                <>
                  {' '}
                  needs <Identifier text={failed} className="m" />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
