import type { Station } from '@/server/model/wire.ts';

/** A trace drawn as a line: stations at their times on the row's own scale, in px. */
export interface StationLine {
  readonly stations: readonly PlacedStation[];
  readonly links: readonly { readonly x0: number; readonly x1: number; readonly inferred: boolean }[];
}

export interface PlacedStation extends Station {
  readonly x: number;
  /** Type name under the station; null where it would run into the next one. */
  readonly typeLabel: string | null;
  /** Service name above the station, where it differs from the one before and fits. */
  readonly serviceLabel: string | null;
  readonly anchor: 'start' | 'end';
}

/** Widths of a character: 11 px mono and 11 px sans; the gap between labels; room for a station's mark. */
const MONO_PX = 6.5;
const SANS_PX = 6;
const GAP_PX = 10;
const EDGE_PX = 6;
/** Stations stand at least this far apart, so that every mark can be seen. */
const APART_PX = 12;

/** Places a trace's stations in `width` px. Times keep their proportion but for the least distance between marks. */
export function stationLine(line: readonly Station[], width: number): StationLine {
  const xs = positions(
    line.map((station) => station.at_ms),
    width,
  );
  const stations = line.map((station, i): PlacedStation => {
    const x = xs[i] ?? EDGE_PX;
    return { ...station, x, typeLabel: null, serviceLabel: null, anchor: x > width * 0.72 ? 'end' : 'start' };
  });
  const labelled = withLabels(withLabels(stations, width, 'typeLabel'), width, 'serviceLabel');
  const links = labelled.slice(1).map((station, i) => ({
    x0: labelled[i]?.x ?? 0,
    x1: station.x,
    inferred: station.evidence === 'order' || station.evidence === null,
  }));
  return { stations: labelled, links };
}

function positions(times: readonly number[], width: number): number[] {
  const room = width - 2 * EDGE_PX;
  const apart = Math.min(APART_PX, times.length > 1 ? room / (times.length - 1) : 0);
  const first = Math.min(...times);
  const span = Math.max(...times) - first;
  // Each station gets its least distance first; what is left is shared by time.
  const left = room - apart * Math.max(0, times.length - 1);
  return times.map((time, i) => EDGE_PX + i * apart + (span > 0 ? ((time - first) / span) * left : 0));
}

function withLabels(stations: PlacedStation[], width: number, kind: 'typeLabel' | 'serviceLabel'): PlacedStation[] {
  const texts = stations.map((station) => (kind === 'typeLabel' ? station.event_type : (station.service ?? '')));
  const charPx = kind === 'typeLabel' ? MONO_PX : SANS_PX;
  const result = [...stations];
  let free = Number.NEGATIVE_INFINITY;
  // The last label is placed first: where a trace ended matters most; then from the left what still fits.
  const lastIndex = stations.length - 1;
  const last = result[lastIndex];
  let limit = width;
  const lastText = texts[lastIndex];
  if (last !== undefined && lastText !== undefined && last.anchor === 'end' && wanted(texts, lastIndex, kind)) {
    limit = last.x + EDGE_PX - lastText.length * charPx;
    if (limit >= 0) result[lastIndex] = { ...last, [kind]: lastText };
    else limit = width;
  }
  for (const [i, station] of result.entries()) {
    const text = texts[i];
    if (text === undefined || text === '' || station[kind] !== null || !wanted(texts, i, kind)) continue;
    const size = text.length * charPx;
    const x0 = station.anchor === 'end' ? station.x + EDGE_PX - size : station.x - EDGE_PX;
    if (x0 < Math.max(free, -EDGE_PX) || x0 + size > (i === lastIndex ? width : Math.min(width, limit - GAP_PX)))
      continue;
    result[i] = { ...station, [kind]: text };
    free = x0 + size + GAP_PX;
  }
  return result;
}

/** A service is written where it changes; a type at every station. */
function wanted(texts: readonly string[], i: number, kind: 'typeLabel' | 'serviceLabel'): boolean {
  return kind === 'typeLabel' || i === 0 || texts[i] !== texts[i - 1];
}
