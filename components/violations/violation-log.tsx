'use client';

import Link from 'next/link';
import type { Loaded } from '@/components/live/loaded.ts';
import { useRangeData } from '@/components/live/use-range-data.ts';
import { FilterInput } from '@/components/ui/filter-input.tsx';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { ViolationList } from '@/server/model/violation-wire.ts';
import { GroupDetail } from './group-detail.tsx';
import { GroupsTable } from './groups-table.tsx';
import { PartsNav } from './parts-nav.tsx';
import { partHref } from './violations-parts.ts';
import {
  exportPath,
  groupsOf,
  KINDS,
  readViolationsView,
  SHOWN,
  type ViolationsView,
  violationsPath,
} from './violations-query.ts';
import { checkedOf, storedOf, violationsVerdict, worstSentence } from './violations-words.ts';

const EVERY_MS = 2000;

const SHOWN_WORDS = { open: 'Open', aside: 'Muted and resolved', all: 'All' } as const;
const KIND_WORDS = { all: 'Any kind', invalid: 'Invalid', unknown: 'Schema unknown' } as const;

/** Which events break their schema: by type, path and rule, with what came and whose it is. */
export function ViolationLog({ initial }: { initial: Loaded<ViolationList> }) {
  const { data, refresh, params, range, rangeQuery } = useRangeData<ViolationList>((of) => violationsPath(of), {
    everyMs: EVERY_MS,
    initial,
  });
  const view = readViolationsView(params);
  const [filter, setFilter] = useSelection('q');
  const [selected, select] = useSelection();
  const answer = data.value;
  const groups = answer === null ? [] : groupsOf(answer.groups, view, filter ?? '');
  useRowKeys(
    groups.map(({ key }) => key),
    selected,
    select,
  );
  const shown = groups.find(({ key }) => key === selected) ?? groups[0];
  return (
    <div className="docked vio">
      {answer === null ? null : <Head answer={answer} range={range} params={params} />}
      {answer === null && data.kind === 'failed' ? (
        <PanelFailed what="The violation log" problem={data.problem} onRetry={refresh} />
      ) : null}
      {answer === null && data.kind !== 'failed' ? <LoadingRows rows={14} height={30} /> : null}
      {answer === null ? null : (
        <>
          {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
          <Tools
            answer={answer}
            view={view}
            params={new URLSearchParams(params)}
            filter={filter ?? ''}
            onFilter={setFilter}
          />
          {groups.length === 0 ? (
            <NoGroup answer={answer} view={view} filter={filter ?? ''} onClear={() => setFilter(null)} />
          ) : (
            <div className="docked-rows">
              <GroupsTable
                answer={answer}
                groups={groups}
                selected={selected}
                onSelect={select}
                range={rangeQuery}
                span={range.live ? range.label.replace('Last ', '') : 'over time'}
              />
              {answer.more_groups ? (
                <p className="note px-5 py-2">
                  More groups than are listed: a shorter range, or the export, has the rest.
                </p>
              ) : null}
            </div>
          )}
          {shown === undefined ? null : (
            <GroupDetail
              key={shown.key}
              group={shown}
              range={range}
              rangeQuery={rangeQuery}
              chosen={shown.key === selected}
              onClose={() => select(null)}
              onChanged={refresh}
            />
          )}
        </>
      )}
    </div>
  );
}

interface HeadProps {
  readonly answer: ViolationList;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly params: { get(name: string): string | null };
}

function Head({ answer, range, params }: HeadProps) {
  const { mark, sentence } = violationsVerdict(answer);
  const worst = answer.groups.find(({ state }) => state === 'new' || state === 'back') ?? answer.groups[0];
  return (
    <Verdict
      mark={mark}
      sentence={sentence}
      className="vio-head"
      aside={
        answer.groups.length === 0 ? null : (
          <div className="vio-files">
            {(['ndjson', 'csv'] as const).map((format) => (
              <a key={format} className="ctl" href={exportPath(range, format)} download>
                {format === 'csv' ? 'CSV' : 'Export NDJSON'}
              </a>
            ))}
          </div>
        )
      }
    >
      {worst === undefined || mark !== 'violating' ? null : <p>{safeText(worstSentence(worst), 400)}.</p>}
      <p className="note">
        Checked <span className="m f1">{formatCount(checkedOf(answer).toString())}</span> of{' '}
        <span className="m f1">{formatCount(storedOf(answer).toString())}</span> events; the rest have no schema.{' '}
        <Link className="u" href={partHref(params, 'coverage')}>
          Coverage by type
        </Link>
      </p>
    </Verdict>
  );
}

interface ToolsProps {
  readonly answer: ViolationList;
  readonly view: ViolationsView;
  readonly params: URLSearchParams;
  readonly filter: string;
  readonly onFilter: (text: string | null) => void;
}

function Tools({ answer, view, params, filter, onFilter }: ToolsProps) {
  const linkTo = (name: 'show' | 'kind', value: string) => {
    const next = new URLSearchParams(params);
    next.set(name, value);
    next.delete('sel');
    return `/violations?${next}`;
  };
  const count = (change: Partial<ViolationsView>) => groupsOf(answer.groups, { ...view, ...change }, '').length;
  return (
    <div className="tools vio-tools">
      <PartsNav />
      <nav className="seg" aria-label="State">
        {SHOWN.map((one) => (
          <Link key={one} href={linkTo('show', one)} aria-current={one === view.shown ? 'true' : undefined}>
            {SHOWN_WORDS[one]} <span className="m">{count({ shown: one })}</span>
          </Link>
        ))}
      </nav>
      <nav className="seg" aria-label="Kind">
        {KINDS.map((one) => (
          <Link key={one} href={linkTo('kind', one)} aria-current={one === view.kind ? 'true' : undefined}>
            {KIND_WORDS[one]}
          </Link>
        ))}
      </nav>
      <FilterInput
        label="Filter groups"
        placeholder="Filter by type, path, service"
        value={filter}
        onChange={(text) => onFilter(text === '' ? null : text)}
        width="w-[230px]"
      />
    </div>
  );
}

interface NoGroupProps {
  readonly answer: ViolationList;
  readonly view: ViolationsView;
  readonly filter: string;
  readonly onClear: () => void;
}

function NoGroup({ answer, view, filter, onClear }: NoGroupProps) {
  const others = answer.groups.length;
  if (others === 0) {
    return (
      <PanelState
        mark={checkedOf(answer) === 0n ? 'unknown' : 'flowing'}
        title={checkedOf(answer) === 0n ? 'Nothing was checked in this range' : 'No violation in this range'}
      >
        <p>
          {formatCounted(checkedOf(answer).toString(), 'event')} of {formatCount(storedOf(answer).toString())} were held
          against a schema. An event without one is unchecked, never called right; schemas are files in a folder that{' '}
          <code>schemas:</code> names.
        </p>
      </PanelState>
    );
  }
  return (
    <PanelState
      mark="unknown"
      title={filter === '' ? `No group is ${WHICH[view.shown]}` : 'No group matches the filter'}
    >
      <p>
        There {others === 1 ? 'is' : 'are'} {formatCounted(others, 'group')} in this range.
      </p>
      {filter === '' ? null : (
        <button type="button" className="ctl" onClick={onClear}>
          Remove the filter
        </button>
      )}
    </PanelState>
  );
}

const WHICH = { open: 'open', aside: 'muted or resolved', all: 'of this kind' } as const;
