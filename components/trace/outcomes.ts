import { formatCounted } from '@/components/ui/format-number.ts';
import type { TraceEvent } from '@/server/model/wire.ts';

/**
 * Dead letters as what became of an event of the trace: by the original's id, the newest of its dead letters. The
 * original is the event at the coordinates that the dead letter names, else the one whose id it carries, else its
 * cause. An original that is not among `events` is not here.
 */
export function outcomes(events: readonly TraceEvent[]): ReadonlyMap<string, TraceEvent> {
  const dead = events.filter((event) => event.dead_letter !== null);
  const found = new Map<string, TraceEvent>();
  if (dead.length === 0) return found;
  const ids = new Set<string>();
  const byPlace = new Map<string, TraceEvent>();
  const byEventId = new Map<string, TraceEvent>();
  for (const event of events) {
    ids.add(event.id);
    byPlace.set(placeKey(event), event);
    if (event.dead_letter === null && event.event_id !== null && !byEventId.has(event.event_id))
      byEventId.set(event.event_id, event);
  }
  for (const letter of dead) {
    const original = letter.dead_letter?.original ?? null;
    const at = original === null ? undefined : byPlace.get(placeKey(original));
    const named = letter.event_id === null ? undefined : byEventId.get(letter.event_id);
    const cause = letter.parent !== null && ids.has(letter.parent.id) ? letter.parent.id : undefined;
    const of = at?.id ?? named?.id ?? cause;
    if (of !== undefined && of !== letter.id) found.set(of, letter);
  }
  return found;
}

/** `dead-lettered on orders.dlq after 3 retries, schema mismatch`; what topic and reason say is a stranger's. */
export function outcomeWords({ topic, dead_letter }: TraceEvent): string {
  return `dead-lettered on ${topic}${afterWords(dead_letter?.retries ?? null)}, ${dead_letter?.reason ?? 'no reason given'}`;
}

function afterWords(retries: number | null): string {
  if (retries === null) return '';
  return retries === 0 ? ' at the first try' : ` after ${formatCounted(retries, 'retry', 'retries')}`;
}

function placeKey({
  topic,
  partition,
  offset,
}: Record<'topic' | 'partition' | 'offset', string | number | null>): string {
  return `${topic}/${partition}/${offset}`;
}
