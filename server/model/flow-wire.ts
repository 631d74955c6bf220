import type { AsOf } from './as-of.ts';
import type { Percentiles } from './latency-wire.ts';

/** A place of the flow map. Names are folded into families: ids, environments and versions are left out. */
export interface FlowNode {
  /** `service:{name}` or `topic:{family}`; services without a name are `service:`. */
  readonly id: string;
  readonly kind: 'service' | 'topic';
  readonly name: string;
  /** The system a service belongs to by `systems:`; null for none, and for topics. */
  readonly system: string | null;
  /** Events a second over what has been of the range: those a service sent, or a topic carried. */
  readonly rate_per_s: number;
  readonly count: number;
  /** Of hops into it: of a service what it took to answer, of a topic what events on it took. Null under 20. */
  readonly p95_ms: number | null;
  /** Of the queues among a family's topics as watch saw them last; null where none counts, or none was looked at. */
  readonly dead_letter_depth: number | null;
  /** Events of the range that break their schema or name one that nobody knows: those a service sent, or a topic carried. */
  readonly violation_count: number;
  /** Of a topic: holes that lie in the range, and how many records are missing there, as text. */
  readonly holes: number;
  readonly missing: string;
  /** Of a topic: it carries dead letters. */
  readonly dead_letters: boolean;
  readonly state: FlowState;
}

/** Worst first, as everywhere. `unknown`: nothing in the range. */
export type FlowState = 'stalled' | 'dead' | 'violating' | 'slow' | 'unknown' | 'flowing';

/** Traces that stand still at a step. */
export interface FlowStop {
  /** When the last step of the first of them occurred. */
  readonly since: string;
  readonly traces: number;
}

/** Events that went from a service onto a topic (`produces`), or that made a service act (`consumes`). */
export interface FlowEdge extends Percentiles {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'produces' | 'consumes';
  /** Of a `produces` edge what was sent, of a `consumes` edge what it acted upon. */
  readonly event_type: string;
  readonly count: number;
  readonly rate_per_s: number;
  /** Share of its hops whose cause is inferred, 0..1; null without any. */
  readonly inferred_share: number | null;
  /** Events on it did not make the service act: since when, and in how many traces. Null where none stopped. */
  readonly stopped: FlowStop | null;
  readonly state: FlowState;
}

/** A consumer group on the map: of a service by configuration or by its name, else by itself. */
export interface FlowGroup {
  readonly group: string;
  /** Node id of the topic it reads. */
  readonly topic: string;
  /** Node id of the service it belongs to; null when unknown. */
  readonly service: string | null;
  readonly members: number | null;
  /** Records, as text; null when unknown. */
  readonly lag: string | null;
}

/** `GET /flow`. From aggregates alone; answers the same for any range. */
export interface FlowAnswer extends AsOf {
  readonly from: string;
  readonly to: string;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly groups: readonly FlowGroup[];
  readonly settled_to: string | null;
}
