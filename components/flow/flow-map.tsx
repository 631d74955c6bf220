'use client';

import {
  Background,
  BackgroundVariant,
  MiniMap,
  type NodeChange,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import Link from 'next/link';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import { useLive } from '@/components/live/live-provider.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { type FlowGraph, FOLD_OVER, type GraphNode } from './flow-graph.ts';
import { isFinding, markInk, rankOf } from './flow-state.ts';
import { dotCounts } from './line-look.ts';
import { DotsProvider, MapPartsProvider } from './map-context.tsx';
import { LINE_TYPES, type LineEdge } from './map-line.tsx';
import { type LineLook, lineLook, type PlaceLook, placeLook } from './map-looks.ts';
import { createMapNumbers } from './map-numbers.ts';
import { PLACE_TYPES, type PlaceNode } from './map-places.tsx';
import type { ScenePlace } from './map-scene.ts';
import { useMapScene } from './use-map-scene.ts';

interface FlowMapProps {
  readonly graph: FlowGraph;
  readonly groupsKnown: boolean;
  /** Counts are lower bounds. */
  readonly bound: boolean;
  /** Maps that are laid out each for itself. */
  readonly name: string;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onUnfold: () => void;
  /** What is looked for; places without it step back. */
  readonly find: string;
  /** Said where the map cannot be laid out. */
  readonly otherwise: ReactNode;
}

/** Room for what stands over the canvas: controls and the small map below. */
const FIT = { padding: { top: '24px', right: '28px', bottom: '94px', left: '28px' }, maxZoom: 1 } as const;
/** On a narrow screen, or unfolded, the whole map cannot be read: it begins where it is worst. */
const FIT_NARROW = { padding: 0.1, minZoom: 0.45, maxZoom: 0.8 } as const;
const NARROW_PX = 700;
const FAR = 0.5;
const NEAR = 1.25;

/** The map: places and lines that stand still while their numbers tick. */
export function FlowMap(props: FlowMapProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, groupsKnown, bound, name, selected, onSelect, onUnfold, find, otherwise }: FlowMapProps) {
  const [parts] = useState(() => ({
    places: createMapNumbers<PlaceLook>(sameFields),
    lines: createMapNumbers<LineLook>(sameFields),
  }));
  useEffect(() => {
    parts.places.set(new Map(graph.nodes.map((node) => [node.id, placeLook(node)])));
    parts.lines.set(new Map(graph.bundles.map((bundle) => [bundle.id, lineLook(bundle)])));
  }, [parts, graph]);
  const drawing = useMapScene(graph, groupsKnown, name);
  const dots = useMovingDots(graph);
  const { fitView, zoomIn, zoomOut } = useReactFlow();
  const zoom = useStore(({ transform: [, , scale] }) => (scale < FAR ? 'far' : scale > NEAR ? 'near' : 'middle'));
  useKeys({ '+': () => zoomIn(), '=': () => zoomIn(), '-': () => zoomOut(), '0': () => fitView(FIT) });
  const wide = useStore(({ width }) => width === 0 || width > NARROW_PX);
  const near = graph.bundles.find(({ id }) => id === selected);
  const look = () =>
    void fitView(
      (wide && graph.nodes.length <= FOLD_OVER) || near === undefined
        ? FIT
        : { ...FIT_NARROW, nodes: [{ id: near.from }, { id: near.to }] },
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another map is looked at as a whole; what comes or goes on it moves nothing.
  useEffect(look, [name, wide]);
  const order = useMemo(() => new Map(graph.nodes.map((node) => [node.id, rankOf(node.state)])), [graph]);
  const orderKey = JSON.stringify([...order]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order is the same while its key is.
  const nodes = useMemo(
    () => (drawing === null ? [] : placeNodes(drawing.scene.places, drawing.positions, order, selected, find)),
    [drawing?.scene, drawing?.positions, orderKey, selected, find],
  );
  const edges = useMemo(
    () =>
      drawing === null
        ? []
        : drawing.scene.lines.flatMap(({ id, from, to, bundle }): LineEdge[] => {
            const drawn = drawing.drawn.get(id);
            if (drawn === undefined) return [];
            const chosen = bundle !== null && bundle === selected;
            return [
              {
                ...{ id, source: from, target: to, type: 'line', selected: chosen, data: { drawn, bundle } },
                ...{ focusable: bundle !== null, selectable: bundle !== null, zIndex: chosen ? 1 : 0 },
                ariaLabel: bundle === null ? 'End' : lineWords(graph, bundle),
              },
            ];
          }),
    [drawing, selected, graph],
  );
  if (drawing === null) return otherwise;
  const open = (id: string) => {
    const back = /^back:(.*)$/s.exec(id)?.[1];
    if (id.startsWith('fold:')) onUnfold();
    else if (back !== undefined) onSelect(back);
    else if (graph.nodes.some((node) => node.id === id)) onSelect(id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || !(event.target instanceof Element)) return;
    const id = event.target.closest('[data-id]')?.getAttribute('data-id');
    if (id == null) return;
    event.preventDefault();
    if (graph.bundles.some((bundle) => bundle.id === id)) onSelect(id);
    else open(id);
  };
  const onNodesChange = (changes: NodeChange<PlaceNode>[]) => {
    for (const change of changes)
      if (change.type === 'position' && change.position !== undefined) drawing.move(change.id, change.position);
  };
  return (
    <MapPartsProvider value={parts}>
      <DotsProvider value={dots}>
        <section className={`flow-canvas ${zoom}`} aria-label="Flow map" onKeyDown={onKeyDown}>
          <svg width="0" height="0" className="absolute" aria-hidden="true">
            <pattern
              id="hatch-stalled"
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="1.3" height="5" fill="var(--mk-stalled)" />
            </pattern>
          </svg>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={PLACE_TYPES}
            edgeTypes={LINE_TYPES}
            onNodesChange={onNodesChange}
            onNodeClick={(_, node) => open(node.id)}
            onEdgeClick={(_, edge) => (edge.data?.bundle == null ? undefined : onSelect(edge.data.bundle))}
            onPaneClick={() => onSelect(null)}
            fitView
            fitViewOptions={FIT}
            minZoom={0.15}
            maxZoom={2}
            nodesConnectable={false}
            onlyRenderVisibleElements
            disableKeyboardA11y
            deleteKeyCode={null}
            selectionKeyCode={null}
            multiSelectionKeyCode={null}
            panActivationKeyCode={null}
            zoomActivationKeyCode={null}
            zoomOnDoubleClick={false}
            proOptions={{ hideAttribution: true }}
          >
            <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--line-1)" />
            <MiniMap<PlaceNode>
              pannable
              ariaLabel="The whole map; colour is state"
              nodeColor={({ id }) => miniInk(graph.nodes.find((node) => node.id === id))}
              nodeBorderRadius={0}
              nodeStrokeWidth={0}
              maskColor="color-mix(in oklab, var(--bg-0) 60%, transparent)"
              bgColor="var(--bg-1)"
              position="bottom-right"
              style={{ width: 168, height: 72 }}
            />
            <Panel position="bottom-left">
              <MapControls moved={drawing.moved} onTidy={drawing.tidy} bound={bound} />
            </Panel>
          </ReactFlow>
        </section>
      </DotsProvider>
    </MapPartsProvider>
  );
}

function MapControls({ moved, onTidy, bound }: { moved: boolean; onTidy: () => void; bound: boolean }) {
  const { fitView, zoomIn, zoomOut } = useReactFlow();
  const percent = useStore(({ transform: [, , scale] }) => Math.round(scale * 100));
  return (
    <div className="flow-controls">
      <div className="seg">
        <button type="button" onClick={() => zoomOut()} aria-label="Zoom out">
          −
        </button>
        <span className="m">{percent} %</span>
        <button type="button" onClick={() => zoomIn()} aria-label="Zoom in">
          +
        </button>
        <button type="button" onClick={() => fitView(FIT)}>
          Fit <kbd>0</kbd>
        </button>
        {moved ? (
          <button type="button" onClick={onTidy}>
            Tidy
          </button>
        ) : null}
      </div>
      <ul className="flow-legend phone-off">
        <li>
          <svg width="30" height="10" aria-hidden="true">
            <path d="M0 2h30" stroke="var(--fg-1)" strokeWidth="1.5" />
            <path d="M0 8h30" stroke="var(--fg-1)" strokeWidth="4" />
          </svg>
          width is rate, log
        </li>
        <li>
          <svg width="26" height="8" aria-hidden="true">
            <path d="M0 4h26" stroke="var(--fg-1)" strokeWidth="3" strokeDasharray="8 5" />
          </svg>
          inferred
        </li>
        <li>
          <svg width="26" height="8" aria-hidden="true">
            <path d="M0 4h26" stroke="var(--line-3)" strokeWidth="1.5" strokeDasharray="1.5 4" />
          </svg>
          nothing in range
        </li>
        <li>
          <svg width="20" height="10" aria-hidden="true">
            <path d="M0 5h15M11 1l5 4-5 4" fill="none" stroke="var(--fg-1)" strokeWidth="1.6" />
          </svg>
          goes back to
        </li>
        {bound ? (
          <li>
            <Link className="x" href="/topics?tab=holes">
              rates are at least these
            </Link>
          </li>
        ) : null}
      </ul>
    </div>
  );
}

/** Places as the library draws them, the worst first: that is the order of the tab key. */
function placeNodes(
  places: readonly ScenePlace[],
  positions: ReadonlyMap<string, { readonly x: number; readonly y: number }>,
  order: ReadonlyMap<string, number>,
  selected: string | null,
  find: string,
): PlaceNode[] {
  const wanted = find.trim().toLowerCase();
  const rank = ({ id }: ScenePlace) => order.get(id) ?? 9;
  return [...places]
    .sort((a, b) => rank(a) - rank(b) || (positions.get(a.id)?.x ?? 0) - (positions.get(b.id)?.x ?? 0))
    .map((place) => {
      const real = order.has(place.id);
      const aside = wanted !== '' && !place.name.toLowerCase().includes(wanted);
      return {
        ...{ id: place.id, type: place.kind, position: positions.get(place.id) ?? { x: 0, y: 0 }, data: { place } },
        ...{ width: place.width, height: place.height, draggable: real, focusable: real || place.kind === 'back' },
        ...{ selected: place.id === selected, className: aside ? 'aside' : '' },
        ariaLabel: `${safeText(place.name, 120)}, ${place.kind}`,
      };
    });
}

function lineWords({ nodes, bundles }: FlowGraph, id: string): string {
  const bundle = bundles.find((one) => one.id === id);
  const nameOf = (node: string | undefined) => safeText(nodes.find((one) => one.id === node)?.name ?? '', 80);
  return `From ${nameOf(bundle?.from)} to ${nameOf(bundle?.to)}`;
}

/** Dots only while the page is live, may move, and is looked at. */
function useMovingDots(graph: FlowGraph): ReadonlyMap<string, number> {
  const { stream } = useLive();
  const live = !stream.stale && stream.paused === null;
  const rates = graph.bundles.map(({ id, state, rate_per_s }) => [id, state === 'stalled' ? 0 : rate_per_s] as const);
  const key = JSON.stringify([live, [...dotCounts(new Map(rates))]]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same counts are the same map, so that no dot starts anew.
  return useMemo(() => (live ? dotCounts(new Map(rates)) : new Map<string, number>()), [key]);
}

function miniInk(node: GraphNode | undefined): string {
  if (node === undefined) return 'transparent';
  return isFinding(node.state) ? markInk(node.state) : 'var(--fg-3)';
}

function sameFields<T extends object>(a: T, b: T): boolean {
  const [one, two] = [Object.entries(a), Object.entries(b)];
  return (
    one.length === two.length &&
    one.every(([name, value], index) => two[index]?.[0] === name && two[index]?.[1] === value)
  );
}
