import type { DialectSpec } from '../../model/dialect.ts';
import { DEAD_LETTER_DIALECTS } from './dead-letter-dialects.ts';
import { FRAMEWORK_DIALECTS } from './framework-dialects.ts';
import { GENERAL_DIALECTS } from './general-dialects.ts';
import { OMNINODE_DIALECTS } from './omninode-dialects.ts';

/**
 * The built-in dialects in the order they are tried: envelopes that are known by their shape, dead letters around them,
 * frameworks, then whatever uses the plain names. Adding one is adding it to its list; no other dialect changes.
 */
export const BUILT_IN_DIALECTS: readonly DialectSpec[] = [
  ...DEAD_LETTER_DIALECTS,
  ...OMNINODE_DIALECTS,
  ...FRAMEWORK_DIALECTS,
  ...GENERAL_DIALECTS,
];

/** How a record is read that no dialect matches: by its topic's name. */
export const NO_DIALECT: DialectSpec = {
  name: 'none',
  title: 'No dialect matched',
  when: [],
  rules: { eventType: ['topic type'], service: ['topic service'] },
};
