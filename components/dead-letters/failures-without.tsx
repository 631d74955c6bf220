'use client';

import Link from 'next/link';
import { traceHref } from '@/components/trace/trace-path.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { FailureWithoutDeadLetter } from '@/server/model/dead-letter-wire.ts';
import { failureSentence } from './letters-words.ts';

/** What failed and reached no queue: nobody would find it by looking at the queues alone. */
export function FailuresWithout({ failures }: { failures: readonly FailureWithoutDeadLetter[] }) {
  if (failures.length === 0) return null;
  return (
    <section aria-label="Failed without dead letter">
      <div className="sec">
        <h3>Failed without dead letter</h3>
        <span className="note">the last 24 h</span>
      </div>
      <ul className="dead-without">
        {failures.map((failure) => (
          <li
            key={`${failure.kind} ${failure.event_type} ${failure.missing_type ?? ''} ${failure.whose.service ?? ''}`}
          >
            <StateMark kind={failure.kind === 'no reply' ? 'stalled' : 'dead'} />
            <span className="min-w-0">
              <Identifier text={failure.event_type} className="m f0" />{' '}
              <span className="f1">
                {failureSentence(failure)}
                {failure.missing_type === null ? null : (
                  <>
                    : <Identifier text={failure.missing_type} className="m" /> did not come
                  </>
                )}
              </span>
            </span>
            <span className="f2">{failure.whose.owner?.team ?? 'no owner'}</span>
            <span className="flex gap-3">
              {failure.exemplars.slice(0, 3).map((one) => (
                <Link key={one.trace_key} className="m x" href={traceHref({ ...one, correlation_id_truncated: false })}>
                  <Identifier text={one.correlation_id.slice(0, 8)} />
                </Link>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
