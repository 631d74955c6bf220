'use client';

import Link from 'next/link';
import { LineBoard } from '@/components/flow/line-board.tsx';
import type { Loaded } from '@/components/live/loaded.ts';
import type { NewestTraces } from '@/components/traces/newest-traces.ts';
import { useHeldRows } from '@/components/traces/use-held-rows.ts';
import { useTraceKeys } from '@/components/traces/use-trace-keys.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { useSelection } from '@/components/ui/use-selection.ts';

/** Rows of the board. */
export const BOARD_ROWS = 6;

/** The newest traces as lines. While one is selected the rows stay, and newer ones gather above them. */
export function NewestBoard({
  data,
  answered,
  refresh,
  label,
}: {
  data: Loaded<NewestTraces>;
  /** Names the range that `data` is of. */
  answered: string;
  refresh: () => void;
  label: string;
}) {
  const [selected, select] = useSelection();
  const {
    rows: traces,
    held,
    release,
  } = useHeldRows(data.value?.list, selected !== null, `${answered} ${data.value?.anyTime}`);
  useTraceKeys(traces, selected, select);
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
        {held > 0 ? (
          <button type="button" className="ctl" style={{ height: 22 }} onClick={release}>
            {formatCount(held)} new
          </button>
        ) : null}
        <span className="sp">
          {list.singles_folded > 0 ? (
            <span className="phone-off">
              {list.coverage.lower_bound ? '≥ ' : ''}
              {formatCounted(list.singles_folded, 'single')} folded ·{' '}
            </span>
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
