import { formatCount } from '@/components/ui/format-number.ts';
import type { HopEvidence } from '@/server/model/evidence.ts';
import type { TraceEvent } from '@/server/model/wire.ts';

export const EVIDENCE_WORDS: Record<HopEvidence, { readonly name: string; readonly why: string }> = {
  causation: { name: 'causation', why: 'names the cause’s event id' },
  traceparent: { name: 'traceparent', why: 'W3C parent span' },
  link: { name: 'link', why: 'span link' },
  order: { name: 'order, inferred', why: 'the latest earlier event that fits' },
};

const KINDS: readonly HopEvidence[] = ['causation', 'traceparent', 'link', 'order'];

/** The line that stands for one kind of evidence. */
export function EvidenceLine({ kind }: { kind: HopEvidence }) {
  return (
    <svg width="14" height="14" className="flex-none" aria-hidden="true">
      {kind === 'causation' ? <path d="M0 7h14" stroke="var(--fg-1)" strokeWidth="1.5" /> : null}
      {kind === 'traceparent' ? <path d="M0 5h14M0 9h14" stroke="var(--fg-1)" strokeWidth="1.2" /> : null}
      {kind === 'link' ? (
        <>
          <path d="M0 7h4M10 7h4" stroke="var(--fg-1)" strokeWidth="1.5" />
          <circle cx="7" cy="7" r="2.6" fill="none" stroke="var(--fg-1)" strokeWidth="1.3" />
        </>
      ) : null}
      {kind === 'order' ? <path d="M0 7h14" stroke="var(--fg-1)" strokeWidth="1.5" strokeDasharray="3 2.5" /> : null}
    </svg>
  );
}

/** How many hops rest on which evidence. */
export function EvidenceLegend({ events }: { events: readonly TraceEvent[] }) {
  return (
    <div className="legend">
      {KINDS.map((kind) => {
        const count = events.filter((event) => event.parent?.evidence === kind).length;
        return count === 0 && (kind === 'traceparent' || kind === 'link') ? null : (
          <span key={kind}>
            <EvidenceLine kind={kind} />
            {EVIDENCE_WORDS[kind].name} <span className="m f2">{formatCount(count)}</span>
          </span>
        );
      })}
      <span className="f2 el ml-auto">A bar is hop time: queueing, processing and producing together</span>
    </div>
  );
}
