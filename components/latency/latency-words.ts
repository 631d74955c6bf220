import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type {
  LatencyAnswer,
  LatencyGroup,
  LatencyRow,
  LatencySubject,
  ObjectiveState,
} from '@/server/model/latency-wire.ts';

/** What is measured, as the column that counts it says. */
export const SUBJECT_WORDS: Record<
  LatencySubject,
  { readonly name: string; readonly many: string; readonly what: string }
> = {
  hop: { name: 'Hop', many: 'hops', what: 'Hop time: effect’s time minus its cause’s' },
  flow: { name: 'Flow', many: 'flows', what: 'Flow time: from the first to the last event of an episode' },
  reply: { name: 'Reply', many: 'replies', what: 'Reply time: from a request until its reply' },
};

export const GROUP_WORDS: Record<LatencyGroup, { readonly name: string; readonly one: string; readonly many: string }> =
  {
    event_type: { name: 'Event types', one: 'event type', many: 'event types' },
    edge: { name: 'Cause and effect', one: 'pair', many: 'pairs' },
    service: { name: 'Services', one: 'service', many: 'services' },
  };

export const OBJECTIVE_MARK: Record<ObjectiveState, { readonly mark: MarkKind; readonly word: string }> = {
  met: { mark: 'flowing', word: 'Met' },
  slow: { mark: 'slow', word: 'Slow' },
  'too few': { mark: 'unknown', word: 'Too few' },
  none: { mark: 'unknown', word: 'No objective' },
};

/** What the page says first. */
export function latencyVerdict(answer: LatencyAnswer): { readonly mark: MarkKind; readonly sentence: string } {
  const rows = answer.event_types;
  const words = GROUP_WORDS[answer.group];
  const counted = (count: number) => formatCounted(count, words.one, words.many);
  const inState = (state: ObjectiveState) => rows.filter((row) => row.objective === state).length;
  const [slow, met, few, none] = [inState('slow'), inState('met'), inState('too few'), inState('none')];
  if (none > 0 && none === rows.length)
    return {
      mark: 'unknown',
      sentence: `No objective is declared for ${none === 1 ? 'the' : 'these'} ${counted(none)}`,
    };
  const without = none === 0 ? [] : [`${formatCount(none)} ${has(none)} no objective`];
  if (slow + met === 0)
    return {
      mark: 'unknown',
      sentence: ended(`Too few ${SUBJECT_WORDS[answer.subject].many} to say: none of ${counted(few)} has 20`, without),
    };
  const rest = few === 0 ? without : [`${formatCount(few)} ${has(few)} too few to say`, ...without];
  if (slow > 0)
    return {
      mark: 'slow',
      sentence: ended(
        `${formatCount(slow)} of ${counted(rows.length)} ${slow === 1 ? 'misses its' : 'miss their'} objective`,
        rest,
      ),
    };
  const judged = met === 1 ? `The one ${words.one}` : `All ${formatCount(met)} ${words.many}`;
  const meets = met === 1 ? 'meets' : 'meet';
  return {
    mark: 'flowing',
    sentence: ended(
      none === 0
        ? `${judged} ${meets} ${met === 1 ? 'its' : 'their'} objective`
        : `${judged} with an objective ${meets} it`,
      rest,
    ),
  };
}

function has(count: number): string {
  return count === 1 ? 'has' : 'have';
}

/** A sentence and what it leaves out. */
function ended(sentence: string, rest: readonly string[]): string {
  return rest.length === 0 ? sentence : `${sentence}; ${rest.join(', ')}`;
}

/** The facts every number on the page rests on. */
export function footnotes(
  answer: LatencyAnswer,
): readonly { readonly key: string; readonly before: string; readonly count: string; readonly after: string }[] {
  const rows = answer.event_types;
  const bound = Math.max(0, ...rows.map((row) => row.error_bound ?? 0));
  const sum = (of: (row: LatencyRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const least = answer.coverage.lower_bound ? '≥ ' : '';
  const counted = (key: string, count: number, after: string) =>
    count === 0 ? [] : [{ key, before: '', count: `${least}${formatCount(count)}`, after }];
  return [
    ...(bound === 0 ? [] : [{ key: 'bound', before: 'Percentiles are within ', count: boundWords(bound), after: '' }]),
    ...counted(
      'skew',
      sum((row) => row.left_out.clock_skew),
      ` negative ${SUBJECT_WORDS[answer.subject].many} left out, clock skew`,
    ),
    ...counted(
      'gap',
      sum((row) => row.left_out.across_gap),
      ' across a pause left out',
    ),
    ...counted(
      'roots',
      sum((row) => row.left_out.roots),
      ' have no cause',
    ),
  ];
}

function boundWords(bound: number): string {
  return `±${(bound * 100).toFixed(2)} %`;
}

/** A percentile, or why there is none. */
export function percentile(ms: number | null): string {
  return ms === null ? 'too few' : formatDuration(ms);
}

/** A percentile as the range it lies in: `403 – 421 ms`. */
export function percentileRange(ms: number | null, bound: number | null): string {
  if (ms === null) return 'too few';
  if (bound === null || bound === 0) return formatDuration(ms);
  const [low, high] = [formatDuration(ms * (1 - bound)), formatDuration(ms * (1 + bound))];
  if (low === high) return low;
  const unit = /[^\d.,]+$/;
  return low.match(unit)?.[0] === high.match(unit)?.[0] ? `${low.replace(unit, '')} – ${high}` : `${low} – ${high}`;
}

/** How many of a row's effects its percentiles are of; null when of all that have a cause. */
export function measuredShare(row: LatencyRow): string | null {
  const caused = row.count - row.left_out.roots;
  return caused <= 0 || row.measured >= caused ? null : `from ${formatShare(row.measured / caused)} of them`;
}

/** On what evidence the causes of a row rest. */
export function evidenceWords(row: LatencyRow): string {
  if (row.inferred_share === null) return 'no cause known';
  if (row.inferred_share === 0) return 'causes named';
  if (row.inferred_share === 1) return 'causes inferred';
  return `${formatShare(row.inferred_share)} of causes inferred`;
}
