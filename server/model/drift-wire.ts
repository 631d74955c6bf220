import type { AsOf } from './as-of.ts';

/**
 * How a field differs from what events of its type carried before. `became optional`: it was in all events and is in some;
 * `became always` the other way round.
 */
export type DriftKind = 'appeared' | 'vanished' | 'changed type' | 'became optional' | 'became always';

/** A field on one side of a change, in the sample. */
export interface DriftSide {
  /** Events in which the field's parent was there to carry it. */
  readonly events: number;
  /** Of those, with the field. */
  readonly present: number;
  /** JSON Schema's names of types. */
  readonly types: readonly string[];
}

/** One way in which events of a type carry other fields than before. No violation: nobody promised anything. */
export interface DriftWire {
  readonly event_type: string;
  /** JSON pointer, with `*` for the places of a list and `**` for the keys of a map; data, never markup. */
  readonly path: string;
  readonly kind: DriftKind;
  /** For a person. */
  readonly sentence: string;
  /** First seen so, of what appeared or changed type; last seen, of what vanished; else the begin of the hours that differ. */
  readonly since: string;
  readonly before: DriftSide;
  readonly now: DriftSide;
  /** Who sends it so; of what vanished: who sent it. At most ten, most events first. */
  readonly services: readonly string[];
  /** Record ids of an event before and of one now; null where none is known. */
  readonly samples: { readonly before: string | null; readonly now: string | null };
}

/** `GET /drift` */
export interface DriftList extends AsOf {
  /** The hours that changes are looked for in. */
  readonly from: string;
  readonly to: string;
  /** The begin of the hours before them, which they are held against too. */
  readonly learned_from: string;
  /** The newest first. */
  readonly drifts: readonly DriftWire[];
  readonly more: boolean;
  /** Event types with a sample, and those of them with enough events on both sides of some hour. */
  readonly event_types: { readonly sampled: number; readonly judged: number };
  /** Events of the sample, on both sides. */
  readonly sampled_events: string;
}
