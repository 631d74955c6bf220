import type { AlertRule } from '../model/alert-rule.ts';
import type { AlertState } from '../model/alert-state.ts';
import { evaluateRule } from './evaluate-rule.ts';
import { newAlert } from './new-alert.ts';
import { observe, type RuleLook } from './observe-rule.ts';

type Labels = Readonly<Record<string, string>>;

/** One stretch in which an alert would have fired. Epoch ms; `to` null: it would fire now. */
interface PreviewedFiring {
  readonly labels: Labels;
  readonly from: number;
  readonly to: number | null;
  readonly peak: number;
}

interface PreviewedSeries {
  readonly labels: Labels;
  readonly values: (number | null)[];
  readonly threshold: number | null;
  readonly peak: number;
}

/** What a rule would have done. */
export interface RuleRun {
  /** Those with the highest values first. */
  readonly series: readonly PreviewedSeries[];
  readonly firings: readonly PreviewedFiring[];
}

/** Things of one preview that are followed. */
const MOST_SERIES = 2_000;

/** Holds a rule against looks of the past, in order, as the evaluator would have. Nothing is told. */
export function runRule(
  written: AlertRule,
  looks: readonly { readonly at: number; readonly look: RuleLook }[],
): RuleRun {
  const rule = { ...written, enabled: true };
  const series = new Map<string, PreviewedSeries>();
  const firings: { -readonly [Key in keyof PreviewedFiring]: PreviewedFiring[Key] }[] = [];
  const open = new Map<string, (typeof firings)[number]>();
  const known = new Map<string, AlertState>();
  looks.forEach(({ at, look }, place) => {
    for (const item of look.kind === 'read' ? look.items : []) {
      const fresh = newAlert(rule.name, item.labels, at);
      const seen = observe(rule, known.get(fresh.fingerprint) ?? fresh, item);
      if (seen.kind === 'value')
        note(fresh.fingerprint, item.labels, place, seen.value, item.threshold ?? rule.threshold);
    }
    for (const { next } of evaluateRule(rule, known, look, at).changes) {
      known.set(next.fingerprint, next);
      const firing = open.get(next.fingerprint);
      if (next.phase === 'firing') {
        const peak = Math.max(firing?.peak ?? Number.NEGATIVE_INFINITY, next.value ?? 0);
        if (firing !== undefined) firing.peak = peak;
        else {
          const begun = { labels: next.labels, from: at, to: null, peak };
          open.set(next.fingerprint, begun);
          firings.push(begun);
        }
      } else if (firing !== undefined) {
        firing.to = at;
        open.delete(next.fingerprint);
      }
    }
  });
  return { series: [...series.values()].sort((a, b) => b.peak - a.peak), firings };

  function note(key: string, labels: Labels, place: number, value: number | null, threshold: number | null): void {
    const held = series.get(key);
    if (held === undefined && series.size >= MOST_SERIES) return;
    const values = held?.values ?? new Array<number | null>(looks.length).fill(null);
    values[place] = value;
    series.set(key, { labels, values, threshold, peak: Math.max(held?.peak ?? Number.NEGATIVE_INFINITY, value ?? 0) });
  }
}
