'use client';

import { JobProblem } from '@/components/jobs/job-starter.tsx';
import { SchemasStarter } from '@/components/jobs/schemas-starter.tsx';
import { useJobs } from '@/components/jobs/use-jobs.ts';
import { useRangeData } from '@/components/live/use-range-data.ts';
import { FilterInput } from '@/components/ui/filter-input.tsx';
import { formatCount } from '@/components/ui/format-number.ts';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { SchemaList } from '@/server/model/violation-wire.ts';
import { BrokenSchemas } from './broken-schemas.tsx';
import { CoverageDetail } from './coverage-detail.tsx';
import {
  COVERAGE_KINDS,
  type CoverageKind,
  type CoverageRow,
  coverageRows,
  coverageVerdict,
  shownRows,
  unseenSchemas,
} from './coverage-rows.ts';
import { CoverageTable } from './coverage-table.tsx';
import { PartsNav } from './parts-nav.tsx';
import { UnseenSchemas } from './unseen-schemas.tsx';
import { schemasPath } from './violations-query.ts';

/** Which event types a schema is for, how many of their events fit it, and which have none. */
export function CoveragePart() {
  const { data, refresh, rangeQuery } = useRangeData<SchemaList>(schemasPath, { everyMs: 5000 });
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Schema coverage" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={14} height={30} />
    );
  const { mark, sentence, rest } = coverageVerdict(data.value);
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <Verdict mark={mark} sentence={sentence}>
        <p>{rest}</p>
      </Verdict>
      <Waiting list={data.value} onChanged={refresh} />
      <Types list={data.value} range={rangeQuery} />
      <UnseenSchemas schemas={unseenSchemas(data.value)} />
    </>
  );
}

/** Nothing is drawn where nothing waits and no job was ever asked for. */
function Waiting({ list, onChanged }: { list: SchemaList; onChanged: () => void }) {
  const jobs = useJobs(['re-validate'], [list.job], onChanged);
  if (list.other_schemas.events === '0' && jobs.newest('re-validate') === null) return null;
  return (
    <section className="border-b border-rule-1" aria-label="Events judged by other schemas">
      <SchemasStarter jobs={jobs} others={list.other_schemas} />
      <JobProblem jobs={jobs} />
    </section>
  );
}

const KIND_WORDS: Readonly<Record<CoverageKind, string>> = {
  all: 'All types',
  without: 'Without schema',
  violating: 'Violating',
};

function Types({ list, range }: { list: SchemaList; range: string }) {
  const [filter, setFilter] = useSelection('q');
  const [asked, choose] = useSelection('kind');
  const kind = COVERAGE_KINDS.find((one) => one === asked) ?? 'all';
  const rows = coverageRows(list);
  const shown = shownRows(rows, kind, filter ?? '');
  const [selected, select] = useSelection();
  const chosen = shown.find(({ event_type }) => event_type === selected);
  useRowKeys(
    shown.map(({ event_type }) => event_type),
    selected,
    select,
  );
  return (
    <>
      <div className="tools vio-tools">
        <PartsNav />
        <fieldset className="seg">
          <legend className="sr-only">Event types</legend>
          {COVERAGE_KINDS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === kind}
              onClick={() => choose(one === 'all' ? null : one)}
            >
              {KIND_WORDS[one]} <span className="m">{formatCount(shownRows(rows, one, '').length)}</span>
            </button>
          ))}
        </fieldset>
        <FilterInput
          label="Filter event types"
          placeholder="Filter by type, schema"
          value={filter ?? ''}
          onChange={(text) => setFilter(text === '' ? null : text)}
          width="w-[230px]"
        />
      </div>
      <BrokenSchemas broken={list.broken} />
      {shown.length === 0 ? (
        <NoType rows={rows} />
      ) : (
        <div className={chosen === undefined ? '' : 'beside'}>
          <CoverageTable
            rows={shown}
            bound={list.coverage.lower_bound}
            range={range}
            selected={chosen?.event_type ?? null}
            onSelect={select}
          />
          {chosen === undefined ? null : (
            <CoverageDetail row={chosen} list={list} range={range} onClose={() => select(null)} />
          )}
        </div>
      )}
    </>
  );
}

function NoType({ rows }: { rows: readonly CoverageRow[] }) {
  return rows.length === 0 ? (
    <PanelState mark="unknown" title="No event was stored in this range">
      <p>Each event type that comes is listed here with the schema it is held against.</p>
    </PanelState>
  ) : (
    <PanelState mark="unknown" title="No event type matches">
      <p>{formatCount(rows.length)} were seen in this range.</p>
    </PanelState>
  );
}
