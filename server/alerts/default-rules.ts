import type { WrittenRule } from '../model/alert-rule.ts';

/** Rules that hold where nobody wrote one of their name. */
export const DEFAULT_RULES: readonly WrittenRule[] = [
  { name: 'Dead letters pile up', watch: 'dead_letter_depth', threshold: 100, severity: 'critical' },
  { name: 'Dead letters are old', watch: 'dead_letter_age', threshold: '24h', severity: 'warning' },
];
