'use client';

import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { LineBoard } from '@/components/flow/line-board.tsx';
import { useLive, useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { traceHref } from '@/components/trace/trace-path.ts';
import { fetchNewest, type NewestTraces } from '@/components/traces/newest-traces.ts';
import { instantMs } from '@/components/ui/format-instant.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { useKeys } from '@/components/ui/keys.ts';
import { Num } from '@/components/ui/num.tsx';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import type { ActivityWire, Coverage } from '@/server/model/wire.ts';
import { Lanes } from './lanes.tsx';
import { recentOf } from './recent.ts';
import { type Verdict, verdict } from './verdict.ts';
import { Sentence } from './words.tsx';

const BOARD_ROWS = 6;

/** The first screen: is everything flowing, and if not, where does it stop. */
export function Overview(props: { traces: Loaded<NewestTraces>; activity: Loaded<ActivityWire> }) {
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
  const said = verdict({
    pulse: covered.kind === 'failed' && coverage === null ? null : stream.pulse,
    totals: coverage?.totals ?? null,
    newestMs: newestMs(coverage),
    partitions: coverage?.partitions.filter((partition) => !partition.gone).length ?? 0,
    nowMs,
    recent: activity.data.value === null ? null : recentOf(activity.data.value, range.label),
    stale: stream.stale,
  });
  return (
    <>
      <VerdictHead said={said} coverage={coverage} />
      {said.kind === 'waiting' ? <FirstRun coverage={coverage} /> : <Board {...traces} label={range.label} />}
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
        <Stored coverage={coverage} />
      </div>
    </>
  );
}

function VerdictHead({ said, coverage }: { said: Verdict; coverage: Coverage | null }) {
  const waiting = useLive().stream.pulse?.settled.waiting ?? 0;
  return (
    <section className="verdict">
      <div className="min-w-0">
        <h2 aria-live="polite">
          <StateMark kind={said.mark} />
          <span>
            <Sentence words={said.sentence} />
          </span>
        </h2>
        <p>
          <Sentence words={said.detail} />
        </p>
      </div>
      {coverage === null ? null : (
        <div
          className="phone-off ml-auto grid flex-none content-start gap-x-5 gap-y-1.5 pt-1.5 max-[1100px]:hidden"
          style={{ gridTemplateColumns: 'auto auto' }}
        >
          <span className="cnt">
            <Num value={coverage.totals.undecodable} href="/topics?tab=undecodable" /> undecodable
          </span>
          <span className="cnt">
            <Num value={coverage.totals.uncorrelated} href="/topics?tab=uncorrelated" /> uncorrelated
          </span>
          <span className="cnt">
            <Num value={coverage.holes} href="/topics?tab=holes" /> {coverage.holes === 1 ? 'hole' : 'holes'}
          </span>
          <span className="cnt">
            <span className="m">{waiting}</span> to stitch
          </span>
        </div>
      )}
    </section>
  );
}

function Board({ data, refresh, label }: { data: Loaded<NewestTraces>; refresh: () => void; label: string }) {
  const router = useRouter();
  const [selected, setSelected] = useState<number | null>(null);
  const traces = data.value?.list.traces ?? [];
  const move = (by: number) => setSelected((at) => Math.max(0, Math.min(traces.length - 1, at === null ? 0 : at + by)));
  const open = () => {
    const trace = selected === null ? undefined : traces[selected];
    if (trace !== undefined) router.push(traceHref(trace));
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    enter: open,
    escape: () => setSelected(null),
  });
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Traces" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={BOARD_ROWS} height={67} />
    );
  const { list, anyTime } = data.value;
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <div className="sec">
        <h3>Newest traces</h3>
        <span className="el">
          {anyTime ? `none started in the ${label.toLowerCase()}; these are the newest stored` : ''}
        </span>
        <span className="sp">
          {list.singles_folded > 0 ? (
            <span className="phone-off">{formatCounted(list.singles_folded, 'single')} folded · </span>
          ) : null}
          <Link className="u" href="/traces">
            All traces
          </Link>
        </span>
      </div>
      {traces.length === 0 ? (
        <p className="note px-5 py-3">
          No two stored events share a correlation id yet.{' '}
          {list.singles_folded > 0 ? 'Events that appear alone are folded.' : ''}
        </p>
      ) : (
        <LineBoard traces={traces} selected={selected} />
      )}
    </>
  );
}

function FirstRun({ coverage }: { coverage: Coverage | null }) {
  const partitions = coverage?.partitions ?? [];
  const topics = new Set(partitions.map((partition) => partition.topic)).size;
  const steps = [
    { done: true, what: 'Brokers answer', fact: coverage?.cluster?.name ?? '' },
    {
      done: topics > 0,
      what: 'Topics visible',
      fact: topics > 0 ? `${topics}, ${formatCounted(partitions.length, 'partition')}` : 'none yet',
    },
    { done: false, what: 'First record', fact: 'not yet' },
    { done: false, what: 'First two events with one correlation id', fact: 'not yet' },
  ];
  return (
    <ul className="checks">
      {steps.map((step) => (
        <li key={step.what}>
          <StateMark kind={step.done ? 'done' : 'running'} />
          <span>{step.what}</span>
          <span className="m f1">{step.fact}</span>
        </li>
      ))}
    </ul>
  );
}

function Stored({ coverage }: { coverage: Coverage | null }) {
  if (coverage === null) return null;
  const bound = coverage.holes > 0;
  const topics = new Set(coverage.partitions.filter((partition) => !partition.gone).map((partition) => partition.topic))
    .size;
  const rows = [
    { what: 'Records stored', value: coverage.totals.stored, href: '/topics', bound },
    { what: 'Not read yet', value: coverage.tap.lag, href: '/topics' },
    { what: 'Undecodable, kept as bytes', value: coverage.totals.undecodable, href: '/topics?tab=undecodable', bound },
    { what: 'Without correlation id', value: coverage.totals.uncorrelated, href: '/topics?tab=uncorrelated', bound },
    { what: 'Holes', value: coverage.holes, href: '/topics?tab=holes' },
    { what: 'Topics watched', value: topics, href: '/topics' },
  ];
  return (
    <section aria-label="What is stored">
      <div className="sec">
        <h3>What is stored</h3>
        <span className="sp">in all</span>
      </div>
      <ul className="facts">
        {rows.map((row) => (
          <li key={row.what}>
            {row.what}
            <Num value={row.value} href={row.href} bound={row.bound ?? false} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function newestMs(coverage: Coverage | null): number | null {
  const times = (coverage?.partitions ?? []).flatMap((partition) =>
    partition.last_recorded_at === null ? [] : [instantMs(partition.last_recorded_at)],
  );
  return times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b));
}

function fetchActivity(range: { fromMs: number; toMs: number }, signal: AbortSignal): Promise<ActivityWire> {
  const text = new URLSearchParams({
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
  });
  return fetchApi<ActivityWire>(`/api/v1/activity?${text}`, signal);
}
