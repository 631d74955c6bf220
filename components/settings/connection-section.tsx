'use client';

import type { ReactNode } from 'react';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatBytes, formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateTag } from '@/components/ui/state-mark.tsx';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { CoverageSummary, Health, SourceKind } from '@/server/model/wire.ts';

const SOURCES: Record<SourceKind, string> = {
  kafka: 'Kafka, named in the configuration',
  embedded: 'Kafka, started by the product itself',
  replay: 'a recording, no Kafka',
};

const STATES: Record<Health['status'], { readonly mark: MarkKind; readonly word: string }> = {
  ok: { mark: 'done', word: 'OK' },
  degraded: { mark: 'stalled', word: 'Degraded' },
  down: { mark: 'stalled', word: 'Down' },
};

const CHECKS: Record<Health['checks'][number]['name'], string> = {
  database: 'Database',
  tap: 'Tap',
  kafka: 'Kafka',
  settle: 'Stitching',
};

/** What the tap is connected to, and what the product says of its own parts. */
export function ConnectionSection() {
  const { data, refresh } = useCoverage();
  const health = useLiveData<Health>({
    query: 'health',
    initial: LOADING,
    load: (signal) => fetchApi<Health>('/api/v1/health', signal),
    everyMs: 5000,
    pollMs: 5000,
  });
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="The connection" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={10} height={30} />
    );
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <Connected coverage={data.value} />
      <div className="sec">
        <h3>Cluster and tap</h3>
      </div>
      <Facts coverage={data.value} />
      <div className="sec">
        <h3>Parts</h3>
        <span>as they say themselves</span>
      </div>
      {health.data.value === null ? (
        <p className="note px-5 py-2">{health.data.problem ?? 'Asking …'}</p>
      ) : (
        <ul className="facts">
          {health.data.value.checks.map(({ name, status, reason }) => (
            <Line key={name} name={CHECKS[name]}>
              <StateTag kind={STATES[status].mark} word={STATES[status].word} />
              {reason === null ? null : <span className="f2"> {safeText(reason, 1000)}</span>}
            </Line>
          ))}
          <Line name="Version">
            <span className="m">{health.data.value.version}</span>
          </Line>
        </ul>
      )}
    </>
  );
}

function Connected({ coverage: { tap, cluster } }: { coverage: CoverageSummary }) {
  const name = cluster?.name ?? null;
  const connected = tap.up > 0 && tap.connected;
  return (
    <Verdict
      mark={connected ? 'flowing' : 'stalled'}
      sentence={
        <>
          {connected ? 'Connected' : tap.up === 0 ? 'No tap is running' : 'Not connected'}
          {name === null ? '' : connected ? ' to ' : ', '}
          {name === null ? null : <Identifier text={name} className="m" />}
        </>
      }
    >
      {tap.message === null || connected ? null : <p>{safeText(tap.message, 1000)}</p>}
    </Verdict>
  );
}

function Facts({ coverage: { tap, cluster, totals } }: { coverage: CoverageSummary }) {
  return (
    <ul className="facts">
      <Line name="Source">{cluster === null ? 'not known yet' : SOURCES[cluster.source]}</Line>
      {cluster === null ? null : (
        <Line name="Cluster id">
          <Identifier text={cluster.id} className="m" />
        </Line>
      )}
      <Line name="Topics and partitions">
        <span className="m">{formatCount(totals.topics)}</span> and{' '}
        <span className="m">{formatCount(totals.partitions)}</span>
      </Line>
      <Line name="Taps">
        <span className="m">{formatCount(tap.up)}</span> of <span className="m">{formatCount(tap.known)}</span> up
        {tap.since === null ? null : (
          <>
            , {tap.connected ? 'connected' : 'not connected'} since <Instant at={tap.since} />
          </>
        )}
      </Line>
      <Line name="Not read yet">
        <span className="m">{formatCounted(tap.lag, 'record')}</span>
        {tap.behind_s === null || tap.behind_s === 0 ? null : (
          <span className="f2"> {formatDuration(tap.behind_s * 1000)} behind</span>
        )}
      </Line>
      {tap.backfill === null ? null : (
        <Line name="First backfill">
          <span className="m">{formatCount(tap.backfill.records_left)}</span> of{' '}
          <span className="m">{formatCounted(tap.backfill.records, 'record')}</span> left
          {tap.backfill.bytes_per_s === null ? '' : `, at most ${formatBytes(tap.backfill.bytes_per_s)} a second`}
        </Line>
      )}
      {tap.unreadable.map(({ topic, reason }) => (
        <Line key={topic} name="Not readable">
          <Identifier text={topic} className="m" /> <span className="f2">{safeText(reason)}</span>
        </Line>
      ))}
    </ul>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <li className="named">
      <span>{name}</span>
      <span className="min-w-0 break-words">{children}</span>
    </li>
  );
}
