import type { HopEvidence } from '../model/evidence.ts';
import type { StitchEvent } from '../model/trace.ts';

/** A cause that an event names, by its place in the order of events. */
export interface Claim {
  readonly cause: number;
  readonly evidence: Exclude<HopEvidence, 'order'>;
}

/** What an event says about its causes. */
export interface SaidCauses {
  /** The strongest first, no cause twice, never the event itself. */
  readonly claims: readonly Claim[];
  /** `root`: it says that it has no cause; `dangling`: it names one that no event here is. */
  readonly mark: 'root' | 'dangling' | null;
}

/**
 * The causes each event names: by causation id, then by its parent span, then by its links. A causation id equal to the
 * correlation id marks a root, unless an event of the trace has that very id; an id or a span that is the event's own says
 * nothing. Where several events carry what is named, an event is meant rather than its retry, and a retry rather than a
 * dead letter; then the first of an id, and of a span the last before the effect.
 */
export function explicitCauses(ordered: readonly StitchEvent[]): readonly SaidCauses[] {
  const byId = placesOf(ordered, (event) => event.eventKey);
  const bySpan = placesOf(ordered, (event) => event.span);
  return ordered.map((event, place) => {
    const named = event.causationKey === event.eventKey ? undefined : firstOf(byId, event.causationKey);
    const claims: Claim[] = named === undefined ? [] : [{ cause: named, evidence: 'causation' }];
    const addSpan = (span: bigint | null, evidence: Claim['evidence']) => {
      const cause = span === event.span ? undefined : lastBefore(bySpan, span, place);
      if (cause !== undefined && claims.every((claim) => claim.cause !== cause)) claims.push({ cause, evidence });
    };
    addSpan(event.parentSpan, 'traceparent');
    for (const span of event.links ?? []) addSpan(span, 'link');
    return { claims, mark: named === undefined ? markOf(event) : null };
  });
}

function markOf(event: StitchEvent): SaidCauses['mark'] {
  if (event.causationKey === null) return null;
  if (event.causationIsCorrelation) return 'root';
  return event.causationKey === event.eventKey ? null : 'dangling';
}

interface Places {
  rank: number;
  places: number[];
}

/** Where the events of each key stand, ascending; of those with one key only the ones of the best rank. */
function placesOf<K>(ordered: readonly StitchEvent[], keyOf: (event: StitchEvent) => K | null): Map<K, Places> {
  const found = new Map<K, Places>();
  ordered.forEach((event, place) => {
    const key = keyOf(event);
    if (key === null) return;
    const rank = rankOf(event);
    const before = found.get(key);
    if (before === undefined || rank < before.rank) found.set(key, { rank, places: [place] });
    else if (rank === before.rank) before.places.push(place);
  });
  return found;
}

/** An event, its retry, a dead letter. */
function rankOf({ deadLetter, topicKind }: StitchEvent): number {
  return deadLetter ? 2 : topicKind === 'retry' ? 1 : 0;
}

function firstOf<K>(index: ReadonlyMap<K, Places>, key: K | null): number | undefined {
  return key === null ? undefined : index.get(key)?.places[0];
}

/** The last place before this one, by halving; the first of all where none is before. */
function lastBefore<K>(index: ReadonlyMap<K, Places>, key: K | null, place: number): number | undefined {
  const places = key === null ? undefined : index.get(key)?.places;
  if (places === undefined) return undefined;
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return places[Math.max(0, low - 1)];
}
