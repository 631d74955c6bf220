'use client';

import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { LineLook, PlaceLook } from './map-looks.ts';
import type { MapNumbers } from './map-numbers.ts';

/** What places and lines of the map listen to. */
interface MapParts {
  readonly places: MapNumbers<PlaceLook>;
  readonly lines: MapNumbers<LineLook>;
}

const MapContext = createContext<MapParts | null>(null);
/** Dots on each line; none while nothing new can be known. */
const DotsContext = createContext<ReadonlyMap<string, number>>(new Map());

export const MapPartsProvider = MapContext;
export const DotsProvider = DotsContext;

function useMapParts(): MapParts {
  const parts = useContext(MapContext);
  if (parts === null) throw new Error('useMapParts stands outside of the map');
  return parts;
}

export function usePlaceLook(id: string): PlaceLook | undefined {
  return useNumber(useMapParts().places, id);
}

export function useLineLook(id: string): LineLook | undefined {
  return useNumber(useMapParts().lines, id);
}

export function useDots(id: string): number {
  return useContext(DotsContext).get(id) ?? 0;
}

function useNumber<Value>(numbers: MapNumbers<Value>, id: string): Value | undefined {
  const listen = useCallback((onChange: () => void) => numbers.listen(id, onChange), [numbers, id]);
  const get = () => numbers.get(id);
  return useSyncExternalStore(listen, get, get);
}
