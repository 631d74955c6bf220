import type { Json } from '../model/json.ts';
import { readDocument, type Undecided } from './compared-document.ts';
import { Comparison } from './comparison.ts';
import { ExampleSearch } from './find-example.ts';
import { type Difference, listDifferences } from './list-differences.ts';
import { Prover } from './prove-within.ts';
import type { Atom, Verdict } from './schema-atom.ts';
import { breaksOf, effectSentence, type SchemaChange } from './schema-change.ts';

/** What can be said of a new version of a JSON Schema and the one before. */
export interface SchemaComparison {
  /** Everything valid under the old version is valid under the new one: new readers read old events. */
  readonly backward: Verdict;
  /** Everything valid under the new version is valid under the old one: old readers read new events. */
  readonly forward: Verdict;
  readonly changes: readonly SchemaChange[];
  /** There are more changes than these. */
  readonly hasMore: boolean;
  /** A value that shows each `no`: valid under one version and refused by the other. */
  readonly examples: { readonly backward: Json | null; readonly forward: Json | null };
  /** Why a verdict is `unknown`, or would be for a part of the schema. */
  readonly reasons: readonly Undecided[];
}

/** Steps of one proof, of one search, and of looking at all single changes: at worst about a second in all. */
const MOST_PROOF_STEPS = 60_000;
const MOST_SEARCH_STEPS = 60_000;
const MOST_CHANGE_STEPS = 100_000;

/**
 * Compares two versions of a JSON Schema, of any draft from 4 to 2020-12. `yes` is proven, `no` is shown by an example,
 * and all else is `unknown`: what a format means, what lies outside the document, rules that are not understood, and
 * whatever takes more than a bounded amount of work. Both documents may be anything; nothing throws.
 */
export function compareSchemas(older: Json, newer: Json): SchemaComparison {
  const before = readDocument(older);
  const after = readDocument(newer);
  if (typeof before === 'string' || typeof after === 'string') {
    const reasons = [before, after].filter((document) => typeof document === 'string');
    return { ...UNDECIDED, reasons: [...new Set(reasons)] };
  }
  const comparison = new Comparison();
  comparison.budget.left = MOST_PROOF_STEPS;
  const [old, now] = [comparison.rootAtoms(before), comparison.rootAtoms(after)];
  const backward = decide(comparison, old, now);
  const forward = decide(comparison, now, old);
  comparison.budget.left = MOST_CHANGE_STEPS;
  const { differences, hasMore } = listDifferences(comparison, old, now);
  return {
    backward: backward.verdict,
    forward: forward.verdict,
    changes: reconciled(differences, backward.verdict, forward.verdict),
    hasMore,
    examples: { backward: backward.example, forward: forward.example },
    reasons: reasonsOf(comparison, [backward.verdict, forward.verdict]),
  };
}

const UNDECIDED: Omit<SchemaComparison, 'reasons'> = {
  backward: 'unknown',
  forward: 'unknown',
  changes: [],
  hasMore: false,
  examples: { backward: null, forward: null },
};

interface Decision {
  readonly verdict: Verdict;
  readonly example: Json | null;
}

function decide(comparison: Comparison, inner: readonly Atom[], outer: readonly Atom[]): Decision {
  comparison.budget.left = MOST_PROOF_STEPS;
  if (new Prover(comparison).isWithin(inner, outer)) return { verdict: 'yes', example: null };
  comparison.budget.left = MOST_SEARCH_STEPS;
  const example = new ExampleSearch(comparison).find(inner, outer);
  return example === undefined ? { verdict: 'unknown', example: null } : { verdict: 'no', example };
}

function reasonsOf({ reasons }: Comparison, verdicts: readonly Verdict[]): readonly Undecided[] {
  if (!verdicts.includes('unknown')) return [];
  return reasons.size === 0 ? ['not proven'] : [...reasons];
}

/**
 * Single changes are judged where they are, the verdicts on the whole: what elsewhere makes good for a change is not seen
 * there. The whole has the last word, and where it is broken by no single change it is one itself.
 */
function reconciled(differences: readonly Difference[], backward: Verdict, forward: Verdict): readonly SchemaChange[] {
  const changes = differences.map(({ path, kind, what, verdicts }): SchemaChange => {
    const [back, forth] = [weaker(verdicts.backward, backward), weaker(verdicts.forward, forward)];
    const breaks = breaksOf(back === 'no', forth === 'no');
    const mayBreak = breaksOf(back === 'unknown', forth === 'unknown');
    return { path, kind, breaks, mayBreak, sentence: `${what} ${effectSentence(breaks, mayBreak)}` };
  });
  const isTold = (direction: 'backward' | 'forward', verdict: Verdict) =>
    verdict === 'yes' ||
    changes.some(
      ({ breaks, mayBreak }) =>
        [direction, 'both'].includes(breaks) || (verdict === 'unknown' && [direction, 'both'].includes(mayBreak)),
    );
  const rest = {
    backward: isTold('backward', backward) ? 'yes' : backward,
    forward: isTold('forward', forward) ? 'yes' : forward,
  };
  if (rest.backward === 'yes' && rest.forward === 'yes') return changes;
  const breaks = breaksOf(rest.backward === 'no', rest.forward === 'no');
  const mayBreak = breaksOf(rest.backward === 'unknown', rest.forward === 'unknown');
  const sentence = `The rules changed in a way that no single change shows. ${effectSentence(breaks, mayBreak)}`;
  return [...changes, { path: '', kind: 'whole changed', breaks, mayBreak, sentence }];
}

/** What a change does, given what all of them together do. */
function weaker(change: Verdict, whole: Verdict): Verdict {
  if (whole === 'yes' || change === 'yes') return 'yes';
  return whole === 'no' ? change : 'unknown';
}
