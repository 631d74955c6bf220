'use client';

import dynamic from 'next/dynamic';
import { useId, useRef, useState } from 'react';
import { fetchApi, LOADING, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatClock, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { Num } from '@/components/ui/num.tsx';
import { PanelFailed } from '@/components/ui/panel-state.tsx';
import { StateTag } from '@/components/ui/state-mark.tsx';
import type { LatencyAnswer, LatencyPoint, LatencyRow } from '@/server/model/latency-wire.ts';
import { askedAlone } from './asked-alone.ts';
import { DistributionChart } from './distribution-chart.tsx';
import { isNamed, type LatencyView, latencyApiQuery, rowKey, rowTracesHref } from './latency-query.ts';
import { evidenceWords, measuredShare, OBJECTIVE_MARK, percentileRange, SUBJECT_WORDS } from './latency-words.ts';
import { ObjectiveEditor } from './objective-editor.tsx';

const DetailChart = dynamic(() => import('./detail-chart.tsx').then((file) => file.DetailChart), {
  ssr: false,
  loading: () => <ChartSpace />,
});

interface LatencyDetailProps {
  readonly row: LatencyRow;
  readonly answer: LatencyAnswer;
  readonly view: LatencyView;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  /** The range as the URL writes it. */
  readonly rangeQuery: string;
  /** It was chosen: on a narrow screen it covers the page. */
  readonly chosen: boolean;
  readonly onClose: () => void;
}

/** One row over time and by how often, docked under the table. */
export function LatencyDetail({ row, answer, view, range, rangeQuery, chosen, onClose }: LatencyDetailProps) {
  const [asTable, setAsTable] = useState(false);
  const [editing, setEditing] = useState(false);
  const editor = useId();
  const opener = useRef<HTMLButtonElement>(null);
  useKeys({ t: () => setAsTable(!asTable) });
  const named = isNamed(row, view.group);
  const { data, refresh } = useLiveData<LatencyAnswer | null>({
    query: JSON.stringify([view, rangeQuery, rowKey(row, view.group)]),
    initial: LOADING,
    load: async (signal) =>
      named ? fetchApi<LatencyAnswer>(`/api/v1/latency?${latencyApiQuery(view, range, row)}`, signal) : null,
    everyMs: 2000,
  });
  // Asked for alone a row has finer steps and all of their figures; until it is there, the line of the list stands in.
  const alone = askedAlone(data.value, row, view.group);
  const drawn = alone ?? { answer, row };
  const { mark, word } = OBJECTIVE_MARK[row.objective];
  const share = measuredShare(row);
  return (
    <section className={`dock lat-dock ${chosen ? 'sheet' : ''}`} aria-label="Selected row">
      <div className="lat-over">
        <div className="sec">
          <h3 className="el">
            <Identifier text={row.event_type ?? row.service ?? 'no service named'} className="m" />
          </h3>
          <StateTag kind={mark} word={word} />
          <span className="el phone-off mr-auto">
            {row.cause_type === null ? null : (
              <>
                after <Identifier text={row.cause_type} className="m" />,{' '}
              </>
            )}
            {evidenceWords(row)}
            {share === null ? '' : `, ${share}`}
          </span>
          {row.event_type === null || row.event_type === '' ? null : (
            <button
              ref={opener}
              type="button"
              className="ctl ghost"
              aria-expanded={editing}
              aria-controls={editor}
              onClick={() => setEditing(!editing)}
            >
              Objective
              <span className="m phone-off">
                {row.objective_ms === null ? 'none' : formatDuration(row.objective_ms)}
              </span>
            </button>
          )}
          <button type="button" className="ctl ghost" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Chart' : 'Table'} <kbd>t</kbd>
          </button>
          <button type="button" className="ctl narrow-only" onClick={onClose}>
            Close
          </button>
        </div>
        {editing && row.event_type !== null ? (
          <ObjectiveEditor
            id={editor}
            row={row}
            eventType={row.event_type}
            subject={view.subject}
            onClose={() => {
              setEditing(false);
              opener.current?.focus();
            }}
          />
        ) : null}
        {asTable ? (
          <PointsTable row={drawn.row} />
        ) : (
          <figure className="lat-chart" aria-label={`${SUBJECT_WORDS[view.subject].name} times over the range`}>
            {drawn.row.series.length === 0 ? (
              <ChartSpace>No time is measured in this range.</ChartSpace>
            ) : (
              <DetailChart {...drawn} />
            )}
            {drawn.row.series.length > 0 && drawn.row.series.every((point) => point.p95_ms === null) ? (
              <figcaption className="note">
                No step of {drawn.answer.step_s >= 60 ? `${drawn.answer.step_s / 60} min` : `${drawn.answer.step_s} s`}{' '}
                has the 20 that a p95 needs: a longer range has longer steps.
              </figcaption>
            ) : null}
          </figure>
        )}
      </div>
      <DistributionPart
        {...{ row, view, rangeQuery, named, data, refresh }}
        buckets={alone?.answer.distribution ?? null}
      />
    </section>
  );
}

/** The chart's room, before it is there or where there is none. */
function ChartSpace({ children }: { children?: string }) {
  return <div className="lat-space note">{children}</div>;
}

interface DistributionPartProps extends Pick<LatencyDetailProps, 'row' | 'view' | 'rangeQuery'> {
  readonly named: boolean;
  /** How it went to ask for the row alone, and what came of it. */
  readonly data: Loaded<LatencyAnswer | null>;
  readonly buckets: LatencyAnswer['distribution'];
  refresh(): void;
}

function DistributionPart({ row, view, rangeQuery, named, data, buckets, refresh }: DistributionPartProps) {
  const many = SUBJECT_WORDS[view.subject].many;
  const overMs = row.objective_ms ?? Number.POSITIVE_INFINITY;
  const over = (buckets ?? []).reduce((sum, { from_ms, count }) => (from_ms >= overMs ? sum + count : sum), 0);
  return (
    <div className="lat-dist">
      <div className="sec">
        <h3>Distribution</h3>
        <span className="sp">
          <Num value={row.measured} /> {many}
          {over === 0 ? null : (
            <>
              , <Num value={over} href={rowTracesHref(row, rangeQuery, overMs)} /> over objective
            </>
          )}
        </span>
      </div>
      {data.kind === 'failed' && buckets === null ? (
        <PanelFailed what="The distribution" problem={data.problem} onRetry={refresh} />
      ) : (
        <div className="lat-bars">
          {buckets !== null && buckets.length > 0 ? (
            <DistributionChart row={row} buckets={buckets} range={rangeQuery} many={many} />
          ) : (
            <p className="note">{distributionWords(data.kind, named)}</p>
          )}
        </div>
      )}
    </div>
  );
}

function distributionWords(kind: string, named: boolean): string {
  if (!named) return 'Events that name no service are told apart by their type only.';
  return kind === 'loading' ? '' : 'No time is measured in this range.';
}

const COLUMNS: readonly Column<LatencyPoint & { bound: number | null }>[] = [
  { name: 'At', ink: 'm', cell: ({ at, open }) => `${formatClock(instantMs(at), 'min')}${open ? ', not over' : ''}` },
  { name: 'Measured', num: true, cell: ({ measured }) => (measured === undefined ? '–' : formatCount(measured)) },
  { name: 'p50', num: true, phoneOff: true, cell: ({ p50_ms, bound }) => percentileRange(p50_ms ?? null, bound) },
  { name: 'p95', num: true, cell: ({ p95_ms, bound }) => percentileRange(p95_ms, bound) },
  { name: 'p99', num: true, phoneOff: true, cell: ({ p99_ms, bound }) => percentileRange(p99_ms ?? null, bound) },
];

function PointsTable({ row }: { row: LatencyRow }) {
  return (
    <div className="lat-points">
      <DataTable
        label="Percentiles over time"
        columns={COLUMNS}
        rows={row.series.map((point) => ({ ...point, bound: row.error_bound }))}
        keyOf={({ at }) => at}
      />
    </div>
  );
}
