import type { DriftList } from '../model/drift-wire.ts';
import type { Micros } from '../model/time.ts';

/** Which drift is asked for: the hours that a range lies in, of one type or of all. */
export interface DriftQuery {
  readonly from: Micros;
  readonly to: Micros;
  readonly eventType?: string;
}

export type DriftReader = (query: DriftQuery) => Promise<Omit<DriftList, 'as_of' | 'coverage'>>;
