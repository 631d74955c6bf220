import { formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { DriftKind, DriftList, DriftSide, DriftWire } from '@/server/model/drift-wire.ts';

/** What happened to a field. Nobody promised it: never in the colour of a violation. */
export const DRIFT_MARKS: Readonly<Record<DriftKind, MarkKind>> = {
  appeared: 'done',
  vanished: 'slow',
  'changed type': 'slow',
  'became optional': 'running',
  'became always': 'running',
};

/** The API's path for the drift of a range. */
export function driftPath(range: { readonly fromMs: number; readonly toMs: number }): string {
  const [from, to] = [range.fromMs, range.toMs].map((ms) => new Date(ms).toISOString());
  return `/api/v1/drift?${new URLSearchParams({ from: from ?? '', to: to ?? '' })}`;
}

/** What tells one row from another, for the address. */
export function driftKey({ event_type, path }: DriftWire): string {
  return `${event_type} ${path}`;
}

/** `appeared, as string`, `number → string`. */
export function changeWords({ kind, before, now }: DriftWire): string {
  switch (kind) {
    case 'appeared':
      return `appeared, as ${typeWords(now)}`;
    case 'vanished':
      return `vanished, was ${typeWords(before)}`;
    case 'changed type':
      return `${typeWords(before)} → ${typeWords(now)}`;
    default:
      return kind;
  }
}

function typeWords({ types }: DriftSide): string {
  return types.length === 0 ? 'nothing' : types.join(' or ');
}

/** `all of 412`, `none of 240`, `61 of 240`. */
export function sideWords({ events, present }: DriftSide): string {
  const all = formatCount(events);
  if (events === 0) return 'no event';
  if (present >= events) return `all of ${all}`;
  return present === 0 ? `none of ${all}` : `${formatCount(present)} of ${all}`;
}

/** The share of events with the field, for a title. */
export function sideShare({ events, present }: DriftSide): string {
  return events === 0
    ? 'No event could carry it'
    : `${formatShare(present / events)} of the events that could carry it`;
}

/** The rows that hold every word of the filter, in any case. */
export function driftsOf(drifts: readonly DriftWire[], filter: string): readonly DriftWire[] {
  const words = filter.toLowerCase().split(/\s+/);
  return drifts.filter((drift) => {
    const text = [drift.event_type, drift.path, drift.kind, ...drift.services].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The state of all types in a sentence, and what it rests on. */
export function driftVerdict({ drifts, more, event_types: types, sampled_events }: DriftList): {
  readonly mark: MarkKind;
  readonly sentence: string;
  readonly rest: string;
} {
  const { sampled, judged } = types;
  const rest = `${formatCount(judged)} of ${formatCounted(sampled, 'event type')} had enough events before and after to tell, by a sample of ${formatCounted(sampled_events, 'event')}.`;
  if (judged === 0) return { mark: 'unknown', sentence: 'Too few events to tell what changed', rest };
  if (drifts.length === 0) return { mark: 'flowing', sentence: 'Events carry what they carried before', rest };
  const changed = new Set(drifts.map(({ event_type }) => event_type)).size;
  const count = more ? `More than ${formatCounted(drifts.length, 'field')}` : formatCounted(drifts.length, 'field');
  const sentence = `${count} of ${formatCounted(changed, 'event type')} ${drifts.length === 1 ? 'differs' : 'differ'} from before`;
  return { mark: 'slow', sentence, rest };
}

/** The page that shows a stored event; null for an id that is none. */
export function eventHref(id: string): string | null {
  const [, topic] = /\/([^/]+)~\d+\/\d+\/\d+$/.exec(id) ?? [];
  return topic === undefined ? null : `/topics?${new URLSearchParams({ tab: 'events', topic, sel: id })}`;
}
