'use client';

import { useState } from 'react';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { MoreButton } from '@/components/ui/more-button.tsx';
import { PendingNote } from '@/components/ui/pending-note.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import { joinPages, useOlder } from '@/components/ui/use-older.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import type {
  DeadLetterGroupWire,
  DeadLetterQueueDetail,
  DeadLetterQueueWire,
  DeadLetterRecordWire,
} from '@/server/model/dead-letter-wire.ts';
import { queuePath, waitingRange } from './letters-query.ts';
import { MARK_WORDS, placeWords } from './letters-words.ts';
import { MarkChoice } from './mark-choice.tsx';
import { RecordDetail } from './record-detail.tsx';

interface QueueDetailProps {
  readonly queue: DeadLetterQueueWire;
  /** The range as the page's address names it; null: everything that waits. */
  readonly from: string | null;
  readonly to: string | null;
  /** It was chosen: on a narrow screen it covers the page. */
  readonly chosen: boolean;
  readonly onClose: () => void;
  /** Something of it was marked. */
  readonly onChanged: () => void;
}

/** One queue: its reasons, the records of one, and a record beside its original. */
export function QueueDetail({ queue, from, to, chosen, onClose, onChanged }: QueueDetailProps) {
  const nowMs = useNow();
  const [reason, selectReason] = useSelection('reason');
  const [record, selectRecord] = useSelection();
  // Held while the page stands: what waits must not be asked anew with every second.
  const [opened] = useState(nowMs);
  const range = from === null ? { ...waitingRange(queue, opened), toMs: nowMs } : resolveRange(from, to, nowMs);
  const ask = { topic: queue.topic, cluster: queue.cluster, reason, ...range };
  const asked = JSON.stringify([queue.topic, queue.cluster, queue.n, reason, from, to]);
  const { data, refresh } = useLiveData<DeadLetterQueueDetail>({
    query: asked,
    initial: LOADING,
    load: (signal) => fetchApi<DeadLetterQueueDetail>(queuePath(ask), signal),
    everyMs: 2000,
  });
  const older = useOlder<DeadLetterRecordWire>(asked, data.value?.next_cursor ?? null, async (cursor) => {
    const page = await fetchApi<DeadLetterQueueDetail>(queuePath(ask, cursor));
    return { rows: page.records, next_cursor: page.next_cursor };
  });
  const groups = data.value?.groups ?? [];
  const records = joinPages(data.value?.records ?? [], older.rows, ({ id }) => id);
  const shown = records.find(({ id }) => id === record) ?? records[0] ?? null;
  const changed = () => {
    refresh();
    onChanged();
  };
  const group = groups.find(({ key }) => key === reason) ?? null;
  return (
    <section className={`dock parts dead-dock ${chosen ? 'sheet' : ''}`} aria-label="Selected queue">
      <div>
        <div className="sec">
          <h3>Reasons</h3>
          <span className="sp m">{data.value === null ? '' : formatCount(groups.length)}</span>
          <button type="button" className="ctl narrow-only" onClick={onClose}>
            Close
          </button>
        </div>
        {data.value === null && data.problem !== null ? <PendingNote problem={data.problem} onRetry={refresh} /> : null}
        <ul className="dock-list dead-groups" aria-label="Reasons of this queue">
          {groups.map((one) => (
            <GroupRow
              key={one.key ?? ''}
              group={one}
              pressed={one.key === reason}
              onPick={() => selectReason(one.key === reason ? null : one.key)}
            />
          ))}
        </ul>
        <p className="note px-5 py-2">
          {from === null ? (
            <>
              What waits, since <Instant at={new Date(range.fromMs).toISOString()} digits="min" />.{' '}
            </>
          ) : null}
          Grouped by message, with ids, numbers and quotes taken out.
          {data.value?.more_groups ? ' There are more reasons than are listed.' : ''}
        </p>
        <MarkChoice
          key={`${reason ?? ''} ${(group?.mark ?? queue.mark)?.since ?? ''}`}
          of={group === null ? { topic: queue.topic } : { topic: queue.topic, reason: group.key }}
          mark={group === null ? queue.mark : group.mark}
          onChanged={changed}
        />
      </div>
      <div>
        <div className="sec">
          <h3>Records</h3>
          <Identifier text={group === null ? queue.topic : (group.value ?? 'no reason given')} className="f1 el" />
        </div>
        <ul className="dock-list dead-list" aria-label="Dead letters of this queue">
          {records.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one === shown} onClick={() => selectRecord(one.id)}>
                <Instant at={one.recorded_at} />
                <span className="m f1">{placeWords(one)}</span>
                <Identifier text={one.correlation_id ?? 'no correlation id'} className="m el f1" bright={8} />
                <span className="m f1 text-right" title="Retries">
                  {one.retry_count ?? '–'}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {data.value !== null && records.length === 0 ? (
          <p className="note px-5 py-3">No dead letter of this {reason === null ? 'range' : 'reason'} is stored.</p>
        ) : null}
        <MoreButton {...older} words="Older records" />
      </div>
      <RecordDetail key={shown?.id ?? ''} record={shown} />
    </section>
  );
}

function GroupRow({ group, pressed, onPick }: { group: DeadLetterGroupWire; pressed: boolean; onPick: () => void }) {
  const said = group.mark === null || group.mark.state === 'new' ? null : MARK_WORDS[group.mark.state].word;
  return (
    <li>
      <button type="button" aria-pressed={pressed} onClick={onPick}>
        <span className="flex items-baseline gap-3">
          <Identifier text={group.value ?? 'no reason given'} className="el f0 min-w-0 flex-1" />
          <span className="m">{formatCount(group.count)}</span>
        </span>
        <span className="m f2 el block t12">
          <Identifier text={group.error_classes[0] ?? 'no error class'} />
          {said === null ? '' : ` · ${said}`}
        </span>
        <span className="f2 t12 flex justify-between">
          <span>
            first <Instant at={group.first_seen} />
          </span>
          <span>
            last <Instant at={group.last_seen} />
          </span>
        </span>
      </button>
    </li>
  );
}
