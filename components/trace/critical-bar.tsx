'use client';

import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatShare } from '@/components/ui/format-number.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import type { TraceEvent } from '@/server/model/wire.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';

/** Tones of the bar's parts, in turn; inferred parts are faint and dashed. */
const TONES = ['85%', '65%', '50%', '75%', '58%'];

/** Where the time went: the chain to the last event, as shares; each part selects its event. */
export function CriticalBar({
  events,
  partial,
  onSelect,
}: {
  events: readonly TraceEvent[];
  /** More events of the trace are to be loaded: its last one may not be among these. */
  partial: boolean;
  onSelect: (event: TraceEvent) => void;
}) {
  const path = criticalPath(events);
  if (path.shares.length < 2) return null;
  const columns = path.shares.map(({ share }) => `${Math.max(share, 0.002)}fr`).join(' ');
  return (
    <div className="cp t12">
      <span className="f1 nw">
        Where the {formatDuration(path.totalMs)} went{partialWords(path, partial)}
      </span>
      <div className="min-w-0 flex-1">
        <div className="grid gap-0.5" style={{ gridTemplateColumns: columns }}>
          {path.shares.map(({ event, hopMs, share }, i) => {
            const inferred = event.parent?.evidence === 'order';
            const words = `${formatDuration(hopMs)}, ${formatShare(share)}, to ${safeText(event.event_type)}`;
            return (
              <button
                key={event.id}
                type="button"
                className={inferred ? 'inf' : ''}
                style={{
                  background: `color-mix(in oklab, var(--fg-1) ${inferred ? '32%' : TONES[i % TONES.length]}, transparent)`,
                }}
                title={words}
                aria-label={words}
                onClick={() => onSelect(event)}
              />
            );
          })}
        </div>
        <div className="t11 f2 grid gap-0.5" style={{ gridTemplateColumns: columns }} aria-hidden="true">
          {path.shares.map(({ event, hopMs, share }) => (
            <span key={event.id} className="el">
              {share > 0.05 ? <span className="m t11">{formatDuration(hopMs)}</span> : null}
              {share > 0.16 ? <> {safeText(event.service ?? event.event_type, 40)}</> : null}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Says where the path is cut: behind the events at hand, or before them. */
function partialWords({ leaves }: CriticalPath, partial: boolean): string {
  if (partial) return ', to the last event loaded';
  return leaves ? ', from where its cause is not here' : '';
}
