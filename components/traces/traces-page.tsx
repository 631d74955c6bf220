'use client';

import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { MoreButton } from '@/components/ui/more-button.tsx';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import { joinPages, useOlder } from '@/components/ui/use-older.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { TraceList } from '@/server/model/wire.ts';
import { FilterLine } from './filter-line.tsx';
import { fetchNewest, type NewestTraces } from './newest-traces.ts';
import { NoMatch } from './no-match.tsx';
import { apiQuery, readTraceQuery } from './trace-query.ts';
import { TraceTable } from './trace-table.tsx';
import { useHeldRows } from './use-held-rows.ts';
import { useTraceKeys } from './use-trace-keys.ts';

/** Most rows kept on the page while older ones are added. */
const ROWS_LIMIT = 1000;

export function TracesPage({ initial }: { initial: Loaded<NewestTraces> }) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const query = readTraceQuery(params);
  const asked = JSON.stringify([query, from, to]);
  const range = resolveRange(from, to, nowMs);
  const { data, answered, refresh } = useLiveData({
    query: asked,
    initial,
    load: (signal) => fetchNewest(query, resolveRange(from, to, nowMs), { signal }),
  });
  const [selected, setSelected] = useSelection();
  // While older ones are looked at the first page stands still: it must end where the second begins.
  const [turn, setTurn] = useState(0);
  const [paging, setPaging] = useState<string | null>(null);
  const shown = `${answered} ${data.value?.anyTime}`;
  const pages = `${turn} ${shown}`;
  const { rows, next, held, release } = useHeldRows(data.value?.list, selected !== null || paging === pages, shown);
  const older = useOlder(pages, next, async (cursor) => {
    const within = data.value?.anyTime === true ? null : resolveRange(from, to, nowMs);
    const list = await fetchApi<TraceList>(`/api/v1/traces?${apiQuery(query, within, cursor)}`);
    return { rows: list.traces, next_cursor: list.next_cursor };
  });
  const showOlder = () => {
    setPaging(pages);
    older.load();
  };
  const showNew = () => {
    release();
    setTurn(turn + 1);
  };
  const all = joinPages(rows, older.rows, (row) => row.trace_key);
  useTraceKeys(all, selected, setSelected);
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
              <span className="m f1">{formatCount(all.length)}</span> {all.length === 1 ? 'trace' : 'traces'}
              {older.more ? ' so far' : ''}
              {value.anyTime ? ', of any time' : `, ${range.label.toLowerCase()}`}
              {value.anyTime && query.q === undefined ? ` (none started in the ${range.label.toLowerCase()})` : ''}
              {value.list.coverage.lower_bound ? ', a lower bound' : ''}
            </span>
            {held > 0 ? (
              <button type="button" className="ctl" style={{ height: 22 }} onClick={showNew}>
                {formatCount(held)} new
              </button>
            ) : null}
            <span className="sp phone-off">
              <kbd>j</kbd> <kbd>k</kbd> move, <kbd>↵</kbd> open
            </span>
          </div>
          {all.length === 0 ? (
            <NoMatch
              list={value.list}
              query={query}
              label={range.label}
              singles={`/traces?${new URLSearchParams([...params, ['singles', 'only']])}`}
            />
          ) : (
            <TraceTable traces={all} selected={selected} onSelect={setSelected} />
          )}
          <MoreButton
            {...older}
            load={showOlder}
            busy={older.busy || answered !== asked}
            words="Older traces"
            limit={
              all.length >= ROWS_LIMIT
                ? `${formatCounted(ROWS_LIMIT, 'row')} are shown, narrow the filter for more`
                : undefined
            }
          />
        </>
      )}
    </>
  );
}
