'use client';

import { useSearchParams } from 'next/navigation';
import { useLive, useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { fetchNewest, type NewestTraces } from '@/components/traces/newest-traces.ts';
import { instantMs } from '@/components/ui/format-instant.ts';
import { LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import type { StallList } from '@/server/model/stall-wire.ts';
import type { ActivityWire } from '@/server/model/wire.ts';
import { FirstRun } from './first-run.tsx';
import { Lanes } from './lanes.tsx';
import { BOARD_ROWS, NewestBoard } from './newest-board.tsx';
import { recentOf } from './recent.ts';
import { StallBoard } from './stall-board.tsx';
import { StoredFacts } from './stored-facts.tsx';
import { verdict } from './verdict.ts';
import { VerdictHead } from './verdict-head.tsx';

/** The first screen: is everything flowing, and if not, where does it stop. */
export function Overview(props: {
  traces: Loaded<NewestTraces>;
  activity: Loaded<ActivityWire>;
  stalls: Loaded<StallList>;
}) {
  const params = useSearchParams();
  const nowMs = useNow();
  const { stream } = useLive();
  const covered = useCoverage().data;
  const coverage = covered.value;
  const [from, to] = [params.get('from'), params.get('to')];
  const range = resolveRange(from, to, nowMs);
  const query = `${from}|${to}`;
  const traces = useLiveData({
    query,
    initial: props.traces,
    load: (signal) => fetchNewest({}, resolveRange(from, to, nowMs), { signal, limit: BOARD_ROWS, line: true }),
  });
  const activity = useLiveData({
    query,
    initial: props.activity,
    load: (signal) => fetchActivity(resolveRange(from, to, nowMs), signal),
    everyMs: 5000,
    pollMs: 20_000,
  });
  const stalls = useLiveData({
    query: 'stalls',
    initial: props.stalls,
    load: (signal) => fetchApi<StallList>('/api/v1/stalls?limit=1', signal),
    everyMs: 2000,
    pollMs: 5000,
  });
  const said = verdict({
    pulse: covered.kind === 'failed' && coverage === null ? null : stream.pulse,
    totals: coverage?.totals ?? null,
    newestMs: coverage?.totals.last_recorded_at == null ? null : instantMs(coverage.totals.last_recorded_at),
    partitions: coverage?.totals.partitions ?? 0,
    nowMs,
    recent: activity.data.value === null ? null : recentOf(activity.data.value, range.label),
    stalls: stalls.data.value,
    stale: stream.stale,
  });
  return (
    <>
      <VerdictHead said={said} coverage={coverage} />
      <StallBoard list={stalls.data.value} />
      {said.kind === 'waiting' ? <FirstRun coverage={coverage} /> : <NewestBoard {...traces} label={range.label} />}
      <div className={`lower ${coverage === null ? 'only' : ''}`}>
        <section aria-label="Counts over time">
          <div className="sec">
            <h3>{range.label === 'Fixed' ? 'This range' : `The ${range.label.toLowerCase()}`}, side by side</h3>
            <span className="sp">a step is {(activity.data.value?.step_s ?? 60) / 60} min, UTC</span>
          </div>
          {activity.data.value === null ? (
            activity.data.kind === 'failed' ? (
              <PanelFailed what="Activity" problem={activity.data.problem} onRetry={activity.refresh} />
            ) : (
              <LoadingRows rows={4} height={47} />
            )
          ) : (
            <Lanes activity={activity.data.value} coverage={coverage} />
          )}
        </section>
        <StoredFacts coverage={coverage} />
      </div>
    </>
  );
}

function fetchActivity(range: { fromMs: number; toMs: number }, signal: AbortSignal): Promise<ActivityWire> {
  const text = new URLSearchParams({
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
  });
  return fetchApi<ActivityWire>(`/api/v1/activity?${text}`, signal);
}
