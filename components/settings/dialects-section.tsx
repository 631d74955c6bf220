'use client';

import { useSearchParams } from 'next/navigation';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { DEFAULT_FROM, resolveRange } from '@/components/ui/time-range.ts';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { DialectList } from '@/server/model/dialect-wire.ts';
import { DialectDetail } from './dialect-detail.tsx';
import { busyRows, dialectRows } from './dialect-rows.ts';
import { DialectTable } from './dialect-table.tsx';
import { dialectVerdict } from './dialect-verdict.ts';
import { RulesInForce } from './rules-in-force.tsx';
import { TryRecord } from './try-record.tsx';

/** How events are read: every dialect, what it read, and a place to try a record. */
export function DialectsSection() {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const range = resolveRange(from, to, nowMs);
  const { data, refresh } = useLiveData<DialectList>({
    query: `${from ?? DEFAULT_FROM}|${to ?? 'now'}`,
    initial: LOADING,
    load: (signal) => {
      const { fromMs, toMs } = resolveRange(from, to, nowMs);
      const query = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
      return fetchApi<DialectList>(`/api/v1/dialects?${new URLSearchParams(query)}`, signal);
    },
    everyMs: 5000,
    pollMs: 15_000,
  });
  const [selected, select] = useSelection('dialect');
  const [whole, setWhole] = useSelection('all');
  const all = data.value === null ? [] : dialectRows(data.value);
  const rows = whole === null ? busyRows(all, selected) : all;
  useRowKeys(
    rows.map(({ name }) => name),
    selected,
    select,
  );
  if (data.value === null)
    return data.kind === 'loading' ? (
      <LoadingRows rows={14} height={30} />
    ) : (
      <PanelFailed what="Dialects" problem={data.problem ?? 'The server has no list of them'} onRetry={refresh} />
    );
  const chosen = rows.find(({ name }) => name === selected);
  const { mark, words } = dialectVerdict(data.value, range.label);
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <Verdict mark={mark} sentence={words} />
      <RulesInForce rules={data.value.rules} told={data.value.job} onChanged={refresh} />
      <div className="sec">
        <h3>Dialects</h3>
        <span className="el">
          The first whose conditions all hold reads the event. Yours come before the built-in ones.
        </span>
        <a className="u sp" href="#try">
          Try a record
        </a>
      </div>
      <div className={chosen === undefined ? '' : 'beside'}>
        <DialectTable
          rows={rows}
          selected={selected}
          onSelect={select}
          label={range.label}
          narrow={chosen !== undefined}
        />
        {chosen === undefined ? null : <DialectDetail key={chosen.name} row={chosen} onClose={() => select(null)} />}
      </div>
      {rows.length === all.length && whole === null ? null : (
        <div className="tools">
          <button type="button" className="ctl" onClick={() => setWhole(whole === null ? 'yes' : null)}>
            {whole === null
              ? `Show ${formatCounted(all.length - rows.length, 'dialect')} without an event in this range`
              : 'Fold those without an event'}
          </button>
        </div>
      )}
      <TryRecord order={new Map(all.map(({ name, order }) => [name, order]))} />
    </>
  );
}
