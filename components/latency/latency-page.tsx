'use client';

import { useSearchParams } from 'next/navigation';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { LatencyAnswer, LatencyRow } from '@/server/model/latency-wire.ts';
import { LatencyDetail } from './latency-detail.tsx';
import { latencyApiQuery, readLatencyView, rowKey } from './latency-query.ts';
import { LatencyTable } from './latency-table.tsx';
import { LatencyTools } from './latency-tools.tsx';
import { footnotes, GROUP_WORDS, latencyVerdict, SUBJECT_WORDS } from './latency-words.ts';

/** Percentiles change with every hop; nobody reads them faster than this. */
const EVERY_MS = 2000;

/** How long hops, flows and replies take, and which miss their objective. */
export function LatencyPage({ initial }: { initial: Loaded<LatencyAnswer> }) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const view = readLatencyView(params);
  const range = resolveRange(from, to, nowMs);
  const { data, refresh } = useLiveData<LatencyAnswer>({
    query: JSON.stringify([view, from, to]),
    initial,
    load: (signal) =>
      fetchApi<LatencyAnswer>(`/api/v1/latency?${latencyApiQuery(view, resolveRange(from, to, nowMs))}`, signal),
    everyMs: EVERY_MS,
  });
  const [filter, setFilter] = useSelection('q');
  const [selected, select] = useSelection();
  const answer = data.value;
  const rows = (answer?.event_types ?? []).filter((row) => matches(row, filter ?? ''));
  const keyOf = (row: LatencyRow) => rowKey(row, answer?.group ?? view.group);
  useRowKeys(rows.map(keyOf), selected, select);
  const rangeQuery = from === null ? '' : String(new URLSearchParams({ from, to: to ?? 'now' }));
  const shown = rows.find((row) => keyOf(row) === selected) ?? rows[0];
  return (
    <div className="docked">
      {answer === null || answer.event_types.length === 0 ? null : <Head answer={answer} />}
      <LatencyTools view={view} params={new URLSearchParams(params)} filter={filter ?? ''} onFilter={setFilter} />
      {answer === null && data.kind === 'failed' ? (
        <PanelFailed what="Latency" problem={data.problem} onRetry={refresh} />
      ) : null}
      {answer === null && data.kind !== 'failed' ? <LoadingRows rows={14} height={30} /> : null}
      {answer === null ? null : (
        <>
          {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
          {answer.event_types.length === 0 ? <NoTime answer={answer} label={range.label} /> : null}
          {answer.event_types.length > 0 && rows.length === 0 ? (
            <PanelState mark="unknown" title="No row matches the filter">
              <p>
                Without it there {answer.event_types.length === 1 ? 'is' : 'are'}{' '}
                {formatCounted(
                  answer.event_types.length,
                  GROUP_WORDS[answer.group].one,
                  GROUP_WORDS[answer.group].many,
                )}
                .
              </p>
              <button type="button" className="ctl" onClick={() => setFilter(null)}>
                Remove the filter
              </button>
            </PanelState>
          ) : null}
          {rows.length === 0 ? null : (
            <div className="docked-rows lat-rows">
              <LatencyTable
                answer={answer}
                rows={rows}
                selected={selected}
                onSelect={select}
                range={rangeQuery}
                span={range.live ? range.label.replace('Last ', '') : 'over time'}
              />
            </div>
          )}
          {shown === undefined ? null : (
            <LatencyDetail
              key={keyOf(shown)}
              row={shown}
              answer={answer}
              view={{ subject: answer.subject, group: answer.group, evidence: answer.evidence }}
              range={range}
              rangeQuery={rangeQuery}
              chosen={keyOf(shown) === selected}
              onClose={() => select(null)}
            />
          )}
        </>
      )}
    </div>
  );
}

function Head({ answer }: { answer: LatencyAnswer }) {
  const { mark, sentence } = latencyVerdict(answer);
  return (
    <Verdict
      mark={mark}
      sentence={sentence}
      className="lat-head"
      aside={
        <ul className="lat-notes">
          {footnotes(answer).map(({ key, before, count, after }) => (
            <li key={key}>
              {before}
              <span className="m f0">{count}</span>
              {after}
            </li>
          ))}
        </ul>
      }
    />
  );
}

function NoTime({ answer, label }: { answer: LatencyAnswer; label: string }) {
  const what = SUBJECT_WORDS[answer.subject].many;
  return (
    <PanelState
      mark="unknown"
      title={`No ${what} ${label === 'Fixed' ? 'in this range' : `in the ${label.toLowerCase()}`}`}
    >
      <p>
        {answer.evidence === 'all'
          ? 'A time is measured once an event and its cause are both stored and stitched.'
          : 'None of this evidence; the others may have some.'}{' '}
        A longer range may hold more.
      </p>
    </PanelState>
  );
}

/** Whether a row's names hold every word of the filter, in any case. */
function matches(row: LatencyRow, filter: string): boolean {
  const names = [row.event_type, row.cause_type, row.service].join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}
