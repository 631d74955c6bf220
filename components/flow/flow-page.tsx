'use client';

import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { FlowAnswer } from '@/server/model/flow-wire.ts';
import { EdgesTable } from './edges-table.tsx';
import { type FlowGraph, type FlowView, flowGraph } from './flow-graph.ts';
import { FlowInspector } from './flow-inspector.tsx';
import { isFinding } from './flow-state.ts';
import { FlowTools } from './flow-tools.tsx';
import { flowVerdict } from './flow-verdict.ts';
import { walkMap, worstFirst } from './walk-map.ts';

const FlowMap = dynamic(() => import('./flow-map.tsx').then((file) => file.FlowMap), {
  ssr: false,
  loading: () => <div className="flow-canvas" aria-busy="true" />,
});

/** Over this many places a map shows nothing any more: it is looked at in focus. */
const DRAWN_LIMIT = 400;
const EVERY_MS = 2000;

/** Services and topics, and what goes between them, as it goes. */
export function FlowPage({ initial }: { initial: Loaded<FlowAnswer> }) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const { data, refresh } = useLiveData<FlowAnswer>({
    query: JSON.stringify([from, to]),
    initial,
    load: (signal) => {
      const range = resolveRange(from, to, nowMs);
      const query = new URLSearchParams({
        from: new Date(range.fromMs).toISOString(),
        to: new Date(range.toMs).toISOString(),
      });
      return fetchApi<FlowAnswer>(`/api/v1/flow?${query}`, signal);
    },
    everyMs: EVERY_MS,
  });
  const range = from === null ? '' : String(new URLSearchParams({ from, to: to ?? 'now' }));
  const answer = data.value;
  if (answer === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="The flow map" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={16} height={30} />
    );
  return (
    <div className="flow">
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      {answer.nodes.length === 0 ? (
        <PanelState mark="unknown" title="No event seen in this range">
          <p>A service stands here once it sent an event, a topic once it carried one. A longer range may hold more.</p>
        </PanelState>
      ) : (
        <Whole answer={answer} range={range} />
      )}
    </div>
  );
}

function Whole({ answer, range }: { answer: FlowAnswer; range: string }) {
  const [selected, select] = useSelection();
  const [viewName, setView] = useSelection('view');
  const [focus, setFocus] = useSelection('focus');
  const [inferred, setInferred] = useSelection('inferred');
  const [fold, setFold] = useSelection('fold');
  const [shape, setShape] = useSelection('as');
  const [find, setFind] = useSelection('q');
  const narrow = useNarrow();
  const view: FlowView = viewName === 'services' ? 'services' : 'topics';
  const graph = flowGraph(answer, { view, focus, inferred: inferred !== 'off', fold: fold !== 'off' });
  const groupsKnown = answer.groups.length > 0;
  const bound = answer.coverage.lower_bound;
  const asTable = shape === null ? narrow === true : shape === 'table';
  const worst = worstFirst(graph.bundles).find(({ state }) => isFinding(state))?.id ?? null;
  const has = (id: string | null) => [...graph.nodes, ...graph.bundles].some((one) => one.id === id);
  const shown = selected !== null && has(selected) ? selected : worst;
  const bundle = graph.bundles.find(({ id }) => id === shown);
  useKeys({
    arrowright: () => select(walkMap(graph, shown, 'right')),
    arrowleft: () => select(walkMap(graph, shown, 'left')),
    arrowup: () => select(walkMap(graph, shown, 'up')),
    arrowdown: () => select(walkMap(graph, shown, 'down')),
    escape: () => select(null),
    t: () => setShape(asTable ? 'map' : 'table'),
    c: () => setFold(fold === 'off' ? null : 'off'),
    f: () => setFocus(focus === null ? (bundle?.to ?? shown) : null),
  });
  const nothingFound = (find ?? '') !== '' && !graph.nodes.some(({ name }) => holds(name, find ?? ''));
  const table = <EdgesTable graph={graph} bound={bound} range={range} selected={selected} onSelect={select} />;
  return (
    <>
      <FlowTools
        said={flowVerdict(graph, groupsKnown)}
        graph={graph}
        view={view}
        onView={(next) => setView(next === 'topics' ? null : next)}
        asTable={asTable}
        onTable={(next) => setShape(next ? 'table' : 'map')}
        inferred={inferred !== 'off'}
        onInferred={(next) => setInferred(next ? null : 'off')}
        focus={focus === null ? null : (answer.nodes.find(({ id }) => id === focus)?.name ?? focus)}
        onWhole={() => setFocus(null)}
        find={find ?? ''}
        onFind={setFind}
      />
      {nothingFound ? (
        <p className="note-bar">
          <span>
            Nothing on this map is named like that; {formatCount(graph.nodes.length)} places are drawn.{' '}
            <button type="button" className="u" onClick={() => setFind(null)}>
              Remove the filter
            </button>
          </span>
        </p>
      ) : null}
      {graph.bundles.length === 0 ? (
        <p className="note-bar">No event seen on these topics in this range. What stands here is known from before.</p>
      ) : null}
      <div className="flow-main">
        {narrow === null ? <div className="flow-canvas" aria-busy="true" /> : null}
        {narrow === null || !asTable ? null : <div className="flow-rows">{table}</div>}
        {narrow === null || asTable ? null : graph.nodes.length > DRAWN_LIMIT ? (
          <AskForFocus graph={graph} onFocus={setFocus} />
        ) : (
          <FlowMap
            graph={graph}
            groupsKnown={groupsKnown}
            bound={bound}
            name={JSON.stringify([view, focus, fold])}
            selected={shown}
            onSelect={select}
            onUnfold={() => setFold('off')}
            find={find ?? ''}
            otherwise={<div className="flow-rows">{table}</div>}
          />
        )}
      </div>
      {shown === null ? null : (
        <FlowInspector
          key={shown}
          graph={graph}
          shown={shown}
          bound={bound}
          range={range}
          chosen={selected === shown}
          onSelect={select}
        />
      )}
    </>
  );
}

/** A map too large to be read is not drawn: it is entered at a service. */
function AskForFocus({ graph, onFocus }: { graph: FlowGraph; onFocus: (id: string) => void }) {
  const services = graph.nodes.filter(({ kind }) => kind === 'service');
  return (
    <PanelState mark="unknown" title={`${formatCount(graph.nodes.length)} places are too many for one map`}>
      <p>Look at one service and what is up to two hops from it; the table has every edge.</p>
      <div className="flex flex-wrap gap-2">
        {services.slice(0, 60).map(({ id, name }) => (
          <button key={id} type="button" className="ctl" onClick={() => onFocus(id)}>
            <Identifier text={name} className="m" />
          </button>
        ))}
      </div>
    </PanelState>
  );
}

/** Whether the screen is a phone's; null before that is known. */
function useNarrow(): boolean | null {
  const [narrow, setNarrow] = useState<boolean | null>(null);
  useEffect(() => {
    const query = matchMedia('(max-width: 599px)');
    const tell = () => setNarrow(query.matches);
    tell();
    query.addEventListener('change', tell);
    return () => query.removeEventListener('change', tell);
  }, []);
  return narrow;
}

function holds(name: string, find: string): boolean {
  return name.toLowerCase().includes(find.trim().toLowerCase());
}
