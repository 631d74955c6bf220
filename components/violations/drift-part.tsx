'use client';

import { useRangeData } from '@/components/live/use-range-data.ts';
import { FilterInput } from '@/components/ui/filter-input.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { useSelection } from '@/components/ui/use-selection.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { DriftList } from '@/server/model/drift-wire.ts';
import { DriftTable } from './drift-table.tsx';
import { driftPath, driftsOf, driftVerdict } from './drift-words.ts';
import { PartsNav } from './parts-nav.tsx';

const EVERY_MS = 10_000;

/** Which fields appeared, vanished or changed type against what events of their type carried before. */
export function DriftPart() {
  const { data, refresh } = useRangeData<DriftList>(driftPath, { everyMs: EVERY_MS });
  const [filter, setFilter] = useSelection('q');
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Drift" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={14} height={30} />
    );
  const { mark, sentence, rest } = driftVerdict(data.value);
  const drifts = driftsOf(data.value.drifts, filter ?? '');
  return (
    <div className="docked vio">
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <Verdict mark={mark} sentence={sentence} className="vio-head">
        <p>{rest}</p>
      </Verdict>
      <div className="tools vio-tools">
        <PartsNav />
        <FilterInput
          label="Filter fields"
          placeholder="Filter by type, field, service"
          value={filter ?? ''}
          onChange={(text) => setFilter(text === '' ? null : text)}
          width="w-[230px]"
        />
        <span className="note sp phone-off">Whole hours, held against the seven days before.</span>
      </div>
      {drifts.length === 0 ? (
        <NoDrift list={data.value} onClear={() => setFilter(null)} />
      ) : (
        <div className="docked-rows">
          <DriftTable drifts={drifts} />
        </div>
      )}
    </div>
  );
}

function NoDrift({ list, onClear }: { list: DriftList; onClear: () => void }) {
  if (list.drifts.length > 0) {
    return (
      <PanelState mark="unknown" title="No field matches the filter">
        <button type="button" className="ctl" onClick={onClear}>
          Remove the filter
        </button>
      </PanelState>
    );
  }
  return (
    <PanelState
      mark={list.event_types.judged === 0 ? 'unknown' : 'flowing'}
      title={list.event_types.judged === 0 ? 'Nothing can be told yet' : 'No field changed in this range'}
    >
      <p>
        A field that appears, vanishes or changes type is listed here once at least 30 events of its type were stored
        before and after, in hours of their own. It breaks no schema: nobody promised anything.
      </p>
    </PanelState>
  );
}
