import type { Micros } from '../model/time.ts';

/** Which counts of fields are asked for, in whole hours of the stored clock. */
export interface FieldQuery {
  /** What lies before `from` is one step, -1. */
  readonly learnedFrom: Micros;
  readonly from: Micros;
  readonly to: Micros;
  /** Length of the steps from `from` on: 0, 1, 2 … */
  readonly stepUs: number;
  readonly eventType?: string;
}

/** What one service's events of a type carried at one path in one step, with one set of types. */
export interface FieldRow {
  readonly eventType: string;
  readonly service: string | null;
  readonly step: number;
  readonly path: string;
  readonly typeSet: number;
  readonly events: number;
  readonly cutEvents: number;
  readonly firstAt: Micros;
  readonly lastAt: Micros;
  /** Record id of the newest of these events. */
  readonly lastEvent: string;
}

export interface FieldCounts {
  /** Ordered by event type. */
  read(query: FieldQuery): Promise<readonly FieldRow[]>;
}
