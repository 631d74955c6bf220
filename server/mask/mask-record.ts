import type { SourceRecord } from '../model/record.ts';

/** One rule of masking: what a record is after it. Pure; a rule that changes headers leaves `headerBytes` out. */
export interface MaskRule {
  readonly name: string;
  apply(record: SourceRecord): SourceRecord;
}

/** The rules in force, in order. `version` is stored with every event they were applied to. */
export interface MaskRules {
  readonly version: number;
  readonly rules: readonly MaskRule[];
}

/** Version 1: nothing is masked. */
export const NO_MASKING: MaskRules = { version: 1, rules: [] };

/**
 * What of a record may be stored. It comes after the envelope, so that ids are found before they are masked, and before
 * everything that keeps bytes or a hash of them.
 */
export function maskRecord(record: SourceRecord, { rules }: MaskRules): SourceRecord {
  return rules.reduce((masked, rule) => rule.apply(masked), record);
}
