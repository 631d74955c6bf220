import type { Position, SceneLayout } from './layout-scene.ts';
import type { ScenePlace } from './map-scene.ts';

/** Room between a place that is moved out of the way and what it was moved from. */
const APART = 16;

/**
 * Where places stand: those that stood somewhere stay, new ones enter where the layout has them, moved down to where
 * nothing stands.
 */
export function placeScene(
  places: readonly ScenePlace[],
  { positions }: Pick<SceneLayout, 'positions'>,
  kept: ReadonlyMap<string, Position>,
): Map<string, Position> {
  const placed = new Map<string, Position>();
  const taken: (Position & { width: number; height: number })[] = [];
  const put = (place: ScenePlace, at: Position) => {
    placed.set(place.id, at);
    taken.push({ ...at, width: place.width, height: place.height });
  };
  for (const place of places) {
    const at = kept.get(place.id);
    if (at !== undefined) put(place, at);
  }
  const fresh = placed.size === 0;
  for (const place of places) {
    if (placed.has(place.id)) continue;
    const wanted = positions.get(place.id) ?? { x: 0, y: 0 };
    // A whole new layout covers nothing; only beside what stayed a place may have to give way.
    put(place, fresh ? wanted : freeBelow(wanted, place, taken));
  }
  return placed;
}

function freeBelow(
  wanted: Position,
  { width, height }: ScenePlace,
  taken: readonly (Position & { width: number; height: number })[],
): Position {
  let { y } = wanted;
  for (;;) {
    const hit = taken.find(
      (one) =>
        wanted.x < one.x + one.width &&
        one.x < wanted.x + width &&
        y < one.y + one.height + APART &&
        one.y < y + height + APART,
    );
    if (hit === undefined) return { x: wanted.x, y };
    y = hit.y + hit.height + APART;
  }
}
