import { ANY_KEY, lastSegment, parentPath } from './field-path.ts';
import type { FieldCount, FieldSummary } from './field-summary.ts';
import { MOST_NAMES } from './fields-of.ts';

/**
 * Paths of the objects that are maps when all events are seen together: few keys in each event, very many in all. Where
 * a map lies in a map, its path has the outer one folded.
 */
export function mapsIn({ fields }: FieldSummary): ReadonlySet<string> {
  const maps = new Set<string>();
  // A fold can bring together the keys of what lies inside, so inner maps show once the outer ones are folded.
  for (;;) {
    const names = new Map<string, Set<string>>();
    for (const path of fields.keys()) {
      const folded = foldPath(path, maps);
      const parent = parentPath(folded);
      const name = lastSegment(folded);
      if (parent === null || name.startsWith('*')) continue;
      const known = names.get(parent);
      if (known === undefined) names.set(parent, new Set([name]));
      else known.add(name);
    }
    const found = [...names].filter(([, { size }]) => size > MOST_NAMES);
    if (found.length === 0) return maps;
    for (const [parent] of found) maps.add(parent);
  }
}

/**
 * The counts of a summary with the keys of maps as one path. Such a path counts keys and not events: a map with three
 * keys counts three times.
 */
export function foldMaps({ fields }: FieldSummary, maps: ReadonlySet<string>): ReadonlyMap<string, FieldCount> {
  if (maps.size === 0) return fields;
  const folded = new Map<string, FieldCount>();
  for (const [path, count] of fields) {
    const to = foldPath(path, maps);
    const sum = folded.get(to);
    folded.set(to, sum === undefined ? count : sumOf(sum, count));
  }
  return folded;
}

function sumOf(a: FieldCount, b: FieldCount): FieldCount {
  return { present: a.present + b.present, types: a.types.map((count, type) => count + (b.types[type] ?? 0)) };
}

/** A path with the keys of maps as `**`. */
export function foldPath(path: string, maps: ReadonlySet<string>): string {
  if (maps.size === 0 || path === '') return path;
  let folded = '';
  for (const segment of path.slice(1).split('/')) {
    folded += `/${maps.has(folded) && !segment.startsWith('*') ? ANY_KEY : segment}`;
  }
  return folded;
}
