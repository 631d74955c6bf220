'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { PayloadBody } from '@/components/trace/payload-body.tsx';
import { RecordHeaders } from '@/components/trace/record-headers.tsx';
import { traceHref } from '@/components/trace/trace-path.ts';
import { formatBytes, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { PendingNote } from '@/components/ui/pending-note.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { useCopy } from '@/components/ui/use-copy.ts';
import type { DeadLetterDetail } from '@/server/model/dead-letter-detail-wire.ts';
import type { DeadLetterRecordWire } from '@/server/model/dead-letter-wire.ts';
import type { Payload } from '@/server/model/wire.ts';
import { Compared } from './compared.tsx';
import { kcatCommand, recordPath } from './letters-query.ts';
import { ORIGINAL_WORDS, triesWords } from './letters-words.ts';

const TABS = {
  original: 'Original',
  inside: 'Inside',
  own: 'Dead letter',
  headers: 'Headers',
  compared: 'Compared',
} as const;
type Tab = keyof typeof TABS;
const SHOWN_TABS: readonly Tab[] = ['original', 'inside', 'own', 'headers', 'compared'];

/** One dead letter: why, after how many tries, what it was and is, and the trace it belongs to. */
export function RecordDetail({ record }: { record: DeadLetterRecordWire | null }) {
  const [tab, setTab] = useState<Tab>('original');
  return (
    <div className="wide">
      <div className="sec">
        <h3>Record</h3>
        {record === null ? null : (
          <>
            <span className="m f1 el">
              <Identifier text={record.topic} /> / {record.partition} @ {record.offset}
            </span>
            <span className="sp f1 flex-none">
              arrived <Instant at={record.recorded_at} relative />
            </span>
          </>
        )}
      </div>
      {record === null ? (
        <p className="note px-5 py-3">No record is selected.</p>
      ) : (
        <Selected record={record} tab={tab} onTab={setTab} />
      )}
    </div>
  );
}

interface SelectedProps {
  readonly record: DeadLetterRecordWire;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
}

function Selected({ record, tab, onTab }: SelectedProps) {
  const router = useRouter();
  const { data, refresh } = useLiveData<DeadLetterDetail>({
    query: record.id,
    initial: LOADING,
    load: (signal) => fetchApi<DeadLetterDetail>(recordPath(record.id), signal),
    watch: record.trace_key,
    everyMs: 5_000,
  });
  const [said, copy] = useCopy();
  const detail = data.value;
  const href = traceHref(record);
  useKeys({ enter: () => router.push(href) });
  return (
    <>
      <div className="dead-why">
        <p className="f0 wrap-anywhere">
          {record.error_class === null ? 'Dead-lettered' : <Identifier text={record.error_class} className="m" />}{' '}
          {triesWords(record.retry_count)}
        </p>
        <p className="m f1 wrap-anywhere">{safeText(record.reason ?? 'No reason is given.', 500)}</p>
        <dl className="dl">
          <dt>Original</dt>
          <dd>
            {record.original.topic === null ? (
              <span className="f2">not named</span>
            ) : (
              <>
                <Identifier text={record.original.topic} className="m" />{' '}
                <span className="m f1">
                  / {record.original.partition ?? '?'} @ {record.original.offset ?? '?'}
                </span>
              </>
            )}
          </dd>
          <dt>Correlation id</dt>
          <dd>
            <Identifier text={record.correlation_id ?? 'none'} className="m" bright={8} />{' '}
            <span className="f2">{record.correlation_origin ?? ''}</span>
          </dd>
          <dt>Written by</dt>
          <dd>
            <Identifier text={record.consumer_group ?? record.service ?? 'not said'} className="m" />{' '}
            <span className="f2">{record.family === 'unknown' ? '' : record.family}</span>
          </dd>
          {record.problems.length === 0 ? null : (
            <>
              <dt>Not readable</dt>
              <dd>{record.problems.join(', ')}</dd>
            </>
          )}
        </dl>
      </div>
      <div className="itabs" role="tablist">
        {SHOWN_TABS.map((one) => (
          <button key={one} type="button" role="tab" aria-selected={one === tab} onClick={() => onTab(one)}>
            {TABS[one]}
          </button>
        ))}
      </div>
      <div className="tree dock-tree" role="tabpanel" aria-label={TABS[tab]}>
        {detail === null ? (
          <PendingNote problem={data.problem} onRetry={refresh} />
        ) : (
          <Look detail={detail} tab={tab} />
        )}
      </div>
      <div className="dock-acts">
        <Link className="ctl on" href={href}>
          Open trace <kbd>↵</kbd>
        </Link>
        <button type="button" className="ctl" onClick={() => copy(kcatCommand(record), 'kcat command')}>
          Copy kcat command
        </button>
        <span className="note" role="status">
          {said ?? (detail === null ? '' : siblingsWords(detail.siblings.length))}
        </span>
      </div>
    </>
  );
}

function siblingsWords(count: number): string {
  return count === 0 ? '' : `${formatCounted(count, 'other dead letter')} of this original`;
}

function Look({ detail, tab }: { detail: DeadLetterDetail; tab: Tab }) {
  switch (tab) {
    case 'original':
      return detail.original === null ? (
        <p className="note px-5">{ORIGINAL_WORDS[detail.record.original_state]}</p>
      ) : (
        <Body payload={detail.original.payload} />
      );
    case 'inside':
      return detail.inside === null ? (
        <p className="note px-5">The dead letter carries no event.</p>
      ) : (
        <>
          <Body payload={detail.inside} />
          <p className="note px-5 pt-2">
            Found at <span className="m">{safeText(detail.inside_at ?? '', 200)}</span>
          </p>
        </>
      );
    case 'own':
      return <Body payload={detail.own.payload} />;
    case 'headers':
      return <RecordHeaders headers={detail.own.headers} />;
    case 'compared':
      return <Compared comparison={detail.comparison} />;
  }
}

function Body({ payload }: { payload: Payload | null }) {
  if (payload === null) return <p className="note px-5">Nothing of it is stored: it has no value, or has expired.</p>;
  const shown = payload.decoded ?? payload;
  return (
    <>
      <PayloadBody payload={payload} />
      <p className="note px-5 pt-2">
        {formatBytes(payload.bytes)}
        {shown.truncated ? ', cut here' : ''}
      </p>
    </>
  );
}
