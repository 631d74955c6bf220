'use client';

import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Instant } from '@/components/ui/instant.tsx';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { AuditList, AuditWire } from '@/server/model/audit-wire.ts';
import { auditVerdict, recounted } from './audit-words.ts';

/** What the product found when it recounted its own sums and bytes. */
export function AuditSection() {
  const { data, refresh } = useLiveData<AuditList>({
    query: 'audits',
    initial: LOADING,
    load: (signal) => fetchApi<AuditList>('/api/v1/audits', signal),
    everyMs: 20_000,
    pollMs: 20_000,
  });
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="The audit" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={6} height={30} />
    );
  const { audits } = data.value;
  const verdict = auditVerdict(audits);
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <Verdict mark={verdict.mark} sentence={verdict.text}>
        <p>
          Every minute a few minutes of traces are stitched anew and compared with the sums on the pages, and a few
          segments with the events made of them. <span className="m">npm run verify</span> recounts a hundred of each.
        </p>
      </Verdict>
      {audits.flatMap(differencesOf)}
      <div className="sec">
        <h3>Audits</h3>
        <span>newest first</span>
      </div>
      <ul className="facts">
        {audits.map((audit) => (
          <li key={audit.began_at} className="named">
            <Instant at={audit.began_at} />
            <span className="min-w-0 break-words">
              {recounted(audit)}
              {audit.passed_over === 0 ? null : (
                <span className="f2">, {formatCount(audit.passed_over)} not settled and passed over</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function differencesOf({ began_at, differences }: AuditWire) {
  return differences.map(({ at, what }) => (
    <p key={`${began_at} ${at}`} className="note px-5 py-2">
      <bdi className="m f0">{safeText(at)}</bdi> {safeText(what, 1000)}
    </p>
  ));
}
