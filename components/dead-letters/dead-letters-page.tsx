'use client';

import { useSearchParams } from 'next/navigation';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { DeadLetterQueues } from '@/server/model/dead-letter-wire.ts';
import { FailuresWithout } from './failures-without.tsx';
import { QUEUES_PATH, queueKey, queueOf } from './letters-query.ts';
import { expiresWords, firstToExpire, lettersVerdict } from './letters-words.ts';
import { QueueDetail } from './queue-detail.tsx';
import { QueuesTable } from './queues-table.tsx';

const EVERY_MS = 2000;
/** Ages and what expires go on without news. */
const POLL_MS = 15_000;

/** What nobody could work, queue by queue: how much waits, since when, why, and until when it is kept. */
export function DeadLettersPage() {
  const params = useSearchParams();
  const { data, refresh } = useLiveData<DeadLetterQueues>({
    query: 'queues',
    initial: LOADING,
    load: (signal) => fetchApi<DeadLetterQueues>(QUEUES_PATH, signal),
    everyMs: EVERY_MS,
    pollMs: POLL_MS,
  });
  const [named, selectQueue] = useSelection('queue');
  const answer = data.value;
  const all = answer === null ? [] : [...answer.queues, ...answer.others];
  const shown = queueOf(all, named);
  useRowKeys(all.map(queueKey), shown === undefined || named === null ? null : queueKey(shown), selectQueue);
  if (answer === null) {
    return data.kind === 'failed' ? (
      <PanelFailed what="The queues" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={14} height={30} />
    );
  }
  return (
    <div className="docked dead">
      <Head answer={answer} />
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      {all.length === 0 ? <NoQueue answer={answer} /> : null}
      {all.length === 0 ? null : (
        <div className="docked-rows">
          <QueuesTable
            queues={all}
            selected={named === null || shown === undefined ? null : queueKey(shown)}
            onSelect={selectQueue}
          />
          {answer.more ? (
            <p className="note px-5 py-2">More topics are queues than are listed: the deepest stand here.</p>
          ) : null}
          <FailuresWithout failures={answer.without_dead_letter} />
        </div>
      )}
      {shown === undefined ? null : (
        <QueueDetail
          key={queueKey(shown)}
          queue={shown}
          from={params.get('from')}
          to={params.get('to')}
          chosen={named !== null}
          onClose={() => selectQueue(null)}
          onChanged={refresh}
        />
      )}
    </div>
  );
}

function Head({ answer }: { answer: DeadLetterQueues }) {
  const { mark, sentence } = lettersVerdict(answer);
  const first = firstToExpire(answer);
  return (
    <Verdict
      mark={mark}
      sentence={sentence}
      className="dead-head"
      aside={
        <button
          type="button"
          className="ctl ml-auto"
          disabled
          title="Throughline reads and never writes to Kafka: sending dead letters again is not built."
        >
          Redrive is off
        </button>
      }
    >
      {first === null || first.expires_in_s === null ? null : (
        <p>
          Retention deletes the oldest in <Identifier text={first.topic} className="m f0" />{' '}
          {first.expires_in_s <= 0 ? 'at ' : 'in '}
          <span className="m f0">{expiresWords(first.expires_in_s)}</span>, handled or not.
        </p>
      )}
    </Verdict>
  );
}

function NoQueue({ answer }: { answer: DeadLetterQueues }) {
  return (
    <>
      <PanelState mark="flowing" title="No topic is a queue of dead letters">
        <p>
          Topics are known as queues by their names (<code>.dlq</code>, <code>-dlt</code> and others), by what their
          records say, or because <code>dead_letters:</code> of throughline.yaml declares them.
        </p>
      </PanelState>
      <FailuresWithout failures={answer.without_dead_letter} />
    </>
  );
}
