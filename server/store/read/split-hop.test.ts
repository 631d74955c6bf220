import { expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { splitHop } from './split-hop.ts';

/** A hop of 1,800 ms that begins at 10 s; bounds in milliseconds after the cause. */
const CAUSE = 10_000;
const splitAt = (after: number | null, before: number, hop = 1800) => {
  const at = (ms: number) => micros((CAUSE + ms) * 1000);
  return splitHop({ cause: at(0), effect: at(hop) }, { after: after === null ? null : at(after), before: at(before) });
};
const ms = ({ fromUs, toUs }: { fromUs: number; toUs: number }) => [fromUs / 1000, toUs / 1000];

test.each([
  ['between two looks within the hop', 1200, 1500, 'before_effect', [1200, 1500], [300, 600]],
  ['seen at once', 1200, 1200, 'before_effect', [1200, 1200], [600, 600]],
  ['last looked for before the cause', -700, 1300, 'before_effect', [0, 1300], [500, 1800]],
  ['never looked for before', null, 1300, 'before_effect', [0, 1300], [500, 1800]],
  ['seen as the cause occurred', -500, 0, 'before_effect', [0, 0], [1800, 1800]],
  ['seen as the effect occurred', 1500, 1800, 'before_effect', [1500, 1800], [0, 300]],
  ['before the effect or behind it', 1500, 3500, 'around_effect', [1500, 1800], [0, 300]],
  ['behind the effect', 2000, 4000, 'after_effect', [1800, 1800], [0, 0]],
  ['last looked for as the effect occurred', 1800, 3800, 'after_effect', [1800, 1800], [0, 0]],
])('a commit %s (%s to %s ms) lies %s', (_name, after, before, commit, until, rest) => {
  const split = splitAt(after, before);
  if (split.kind !== 'split') throw new Error(split.reason);
  expect([split.commit, ms(split.untilCommit), ms(split.afterCommit)]).toEqual([commit, until, rest]);
});

test.each([
  ['a hop between two looks', -100, 1900, 1800, 'too_coarse'],
  ['a hop from one look to the next', 0, 1800, 1800, 'too_coarse'],
  ['a hop that was over before the first look', null, 1900, 1800, 'not_watched'],
  ['no time at all', -1, 1, 0, 'too_coarse'],
  ['a commit before the cause', -2000, -1, 1800, 'clocks_disagree'],
  ['a clock of the looks that was set back', 1500, 1200, 1800, 'clocks_disagree'],
  ['an effect before its cause', 100, 200, -1, 'clock_skew'],
])('%s is not split', (_name, after, before, hop, reason) => {
  expect(splitAt(after, before, hop)).toEqual({ kind: 'unknown', reason });
});
