import type { ComparisonWire } from './dead-letter-detail-wire.ts';
import type { Decoded } from './decoded.ts';

/** A record as it is compared: its value, and what was read of it. */
export interface LetterSide {
  readonly value: Buffer | null;
  readonly decoded: Decoded;
}

/** What came of comparing a dead letter with its original. */
export interface LetterComparison extends Pick<ComparisonWire, 'result' | 'why' | 'differences'> {
  readonly insideAt: string | null;
  readonly inside: Buffer | null;
  readonly more: boolean;
}

/** Compares the event inside a dead letter with its original; null where that is not stored. */
export type CompareLetter = (own: LetterSide, original: LetterSide | null) => LetterComparison;
