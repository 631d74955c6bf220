'use client';

import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { TraceSummary } from '@/server/model/wire.ts';
import { FilterLine } from './filter-line.tsx';
import { fetchNewest, type NewestTraces } from './newest-traces.ts';
import { NoMatch } from './no-match.tsx';
import { apiQuery, readTraceQuery } from './trace-query.ts';
import { TraceTable } from './trace-table.tsx';
import { useHeldRows } from './use-held-rows.ts';
import { useRowKeys } from './use-row-keys.ts';

/** Most rows kept on the page while older ones are added. */
const ROWS_LIMIT = 1000;

export function TracesPage({ initial }: { initial: Loaded<NewestTraces> }) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const query = readTraceQuery(params);
  const asked = JSON.stringify([query, from, to]);
  const range = resolveRange(from, to, nowMs);
  const { data, refresh } = useLiveData({
    query: asked,
    initial,
    load: (signal) => fetchNewest(query, resolveRange(from, to, nowMs), { signal }),
  });
  const older = useOlder(asked, data.value);
  const [selected, setSelected] = useSelection();
  const { rows, held, release } = useHeldRows(data.value?.list.traces, selected !== null, asked);
  const all = [...rows, ...older.rows.filter((row) => !rows.some((shown) => shown.trace_key === row.trace_key))];
  useRowKeys(all, selected, setSelected);
  const value = data.value;
  return (
    <>
      <FilterLine key={asked} query={query} folded={value?.list.singles_folded ?? 0} />
      {value === null && data.kind === 'failed' ? (
        <PanelFailed what="Traces" problem={data.problem} onRetry={refresh} />
      ) : null}
      {value === null && data.kind !== 'failed' ? <LoadingRows rows={16} height={30} /> : null}
      {value === null ? null : (
        <>
          {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
          <div className="sec">
            <h3>Newest first</h3>
            <span className="el">
              <span className="m f1">{formatCount(all.length)}</span> traces{older.more ? ' so far' : ''}
              {value.anyTime ? ', of any time' : `, ${range.label.toLowerCase()}`}
              {value.anyTime && query.q === undefined ? ` (none started in the ${range.label.toLowerCase()})` : ''}
              {value.list.coverage.lower_bound ? ', a lower bound' : ''}
            </span>
            {held > 0 ? (
              <button type="button" className="ctl" style={{ height: 22 }} onClick={release}>
                {formatCount(held)} new
              </button>
            ) : null}
            <span className="sp phone-off">
              <kbd>j</kbd> <kbd>k</kbd> move, <kbd>↵</kbd> open
            </span>
          </div>
          {all.length === 0 ? (
            <NoMatch list={value.list} query={query} label={range.label} />
          ) : (
            <TraceTable traces={all} selected={selected} onSelect={setSelected} />
          )}
          {older.more ? (
            <div className="tools">
              <button
                type="button"
                className="ctl"
                onClick={older.load}
                disabled={older.busy || all.length >= ROWS_LIMIT}
              >
                {all.length >= ROWS_LIMIT
                  ? `${formatCounted(ROWS_LIMIT, 'row')} are shown, narrow the filter for more`
                  : 'Older traces'}
              </button>
              {older.problem === null ? null : <span className="note">{older.problem}</span>}
            </div>
          ) : null}
        </>
      )}
    </>
  );
}

/** Older pages by keyset, appended; forgotten when other filters are set. */
function useOlder(asked: string, newest: NewestTraces | null) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [state, setState] = useState<{
    asked: string;
    rows: readonly TraceSummary[];
    cursor: string | null;
    busy: boolean;
    problem: string | null;
  } | null>(null);
  const mine = state?.asked === asked ? state : null;
  const cursor = mine === null ? (newest?.list.next_cursor ?? null) : mine.cursor;
  const load = () => {
    if (cursor === null) return;
    const before = { asked, rows: mine?.rows ?? [], cursor, busy: true, problem: null };
    setState(before);
    const range = newest?.anyTime === true ? null : resolveRange(params.get('from'), params.get('to'), nowMs);
    fetchApi<NewestTraces['list']>(`/api/v1/traces?${apiQuery(readTraceQuery(params), range, cursor)}`).then(
      (list) => setState({ ...before, rows: [...before.rows, ...list.traces], cursor: list.next_cursor, busy: false }),
      (error: unknown) =>
        setState({
          ...before,
          busy: false,
          problem: error instanceof Error ? error.message : 'Older traces could not be read',
        }),
    );
  };
  return {
    rows: mine?.rows ?? [],
    more: cursor !== null,
    busy: mine?.busy ?? false,
    problem: mine?.problem ?? null,
    load,
  };
}
