'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { FlowGraph } from './flow-graph.ts';
import { layoutScene, type Position, type SceneLayout } from './layout-scene.ts';
import { type LineGeometry, lineGeometries } from './line-geometry.ts';
import { type MapScene, mapScene } from './map-scene.ts';
import { placeScene } from './place-scene.ts';

/** Places remembered in this browser; a map that large is looked at in focus. */
const KEPT_LIMIT = 400;

interface DrawnScene {
  readonly scene: MapScene;
  readonly positions: ReadonlyMap<string, Position>;
  readonly drawn: ReadonlyMap<string, LineGeometry>;
  /** Moves a place, and keeps where it stands. */
  readonly move: (id: string, to: Position) => void;
  /** Lays everything out anew. */
  readonly tidy: () => void;
  readonly moved: boolean;
}

interface Kept {
  readonly name: string;
  /** Where places were put by hand. */
  readonly put: ReadonlyMap<string, Position>;
  /** Where all of them stood last. */
  readonly stood: ReadonlyMap<string, Position>;
}

const NONE: ReadonlyMap<string, Position> = new Map();

/**
 * The scene of a graph, laid out when something comes or goes and not when numbers tick. Null where it cannot be laid out.
 * @param name tells maps apart that are laid out each for itself
 */
export function useMapScene(graph: FlowGraph, groupsKnown: boolean, name: string): DrawnScene | null {
  const fresh = mapScene(graph, groupsKnown);
  const [scene, setScene] = useState(fresh);
  const current = scene.key === fresh.key ? scene : fresh;
  if (current !== scene) setScene(current);
  const [kept, setKept] = useState<Kept>({ name, put: NONE, stood: NONE });
  const mine = kept.name === name ? kept : { name, put: NONE, stood: NONE };
  useEffect(() => {
    const put = readKept(name);
    setKept({ name, put, stood: put });
  }, [name]);
  const layout = useMemo(() => tryLayout(current), [current]);
  const positions = useMemo(
    () => (layout === null ? NONE : placeScene(current.places, layout, new Map([...mine.stood, ...mine.put]))),
    [current, layout, mine.put, mine.stood],
  );
  useEffect(() => {
    setKept((old) => (old.name === name && sameKeys(old.stood, positions) ? old : { ...old, name, stood: positions }));
  }, [name, positions]);
  const drawn = useMemo(
    () => (layout === null ? new Map<string, LineGeometry>() : lineGeometries(current, positions, layout)),
    [current, positions, layout],
  );
  const move = useCallback(
    (id: string, to: Position) =>
      setKept((old) => {
        const put = new Map([...old.put, [id, to] as const].slice(-KEPT_LIMIT));
        writeKept(name, put);
        return { ...old, name, put };
      }),
    [name],
  );
  const tidy = useCallback(() => {
    writeKept(name, NONE);
    setKept({ name, put: NONE, stood: NONE });
  }, [name]);
  return layout === null ? null : { scene: current, positions, drawn, move, tidy, moved: mine.put.size > 0 };
}

/** A layout that fails leaves the table, which says the same. */
function tryLayout(scene: MapScene): SceneLayout | null {
  try {
    return layoutScene(scene);
  } catch (error) {
    console.warn('The flow map cannot be laid out.', error);
    return null;
  }
}

function sameKeys(a: ReadonlyMap<string, Position>, b: ReadonlyMap<string, Position>): boolean {
  return a.size === b.size && [...b.keys()].every((id) => a.has(id));
}

function storageKey(name: string): string {
  return `throughline-map-${name}`;
}

/** What this browser kept; anything else that stands there is as if nothing did. */
function readKept(name: string): ReadonlyMap<string, Position> {
  const text = localStorage.getItem(storageKey(name));
  if (text === null) return NONE;
  try {
    const read: unknown = JSON.parse(text);
    return new Map(Array.isArray(read) ? read.filter(isKept) : []);
  } catch {
    return NONE;
  }
}

function isKept(value: unknown): value is readonly [string, Position] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const at: unknown = value[1];
  return (
    typeof at === 'object' && at !== null && 'x' in at && 'y' in at && Number.isFinite(at.x) && Number.isFinite(at.y)
  );
}

function writeKept(name: string, put: ReadonlyMap<string, Position>): void {
  localStorage.setItem(storageKey(name), JSON.stringify([...put]));
}
