import { formatAge } from '@/components/ui/format-duration.ts';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount, formatCounted, formatRate, formatShare } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { StallList } from '@/server/model/stall-wire.ts';
import type { CoverageSummary, Pulse } from '@/server/model/wire.ts';
import type { Words } from './sentence-words.ts';
import { stopDetail, stopSentence } from './stall-words.ts';

/** The first thing a page says: one sentence, the facts it rests on, and its mark. */
export interface Verdict {
  readonly mark: MarkKind;
  readonly sentence: readonly Words[];
  readonly detail: readonly Words[];
  /** What the sentence is about, for tests and for empty states. */
  readonly kind:
    | 'no answer'
    | 'stale'
    | 'not connected'
    | 'no tap'
    | 'waiting'
    | 'behind'
    | 'stalled'
    | 'unreadable'
    | 'holes'
    | 'stitching'
    | 'quiet'
    | 'flowing';
}

/** What the verdict looks at. Null where it could not be read. */
export interface VerdictFacts {
  readonly pulse: Pulse | null;
  readonly totals: CoverageSummary['totals'] | null;
  /** Newest record's timestamp over all partitions, ms since the epoch; null when none is stored. */
  readonly newestMs: number | null;
  readonly partitions: number;
  readonly nowMs: number;
  /** What went on in the selected range; null while that is not known. */
  readonly recent: Recent | null;
  /** Where traces stopped; null while that is not known. */
  readonly stalls: StallList | null;
  /** The live stream is silent; `nowMs` stands at the last that was heard. */
  readonly stale: boolean;
}

/** Counts of the selected range. */
export interface Recent {
  /** The range in words: `last 60 min`. */
  readonly label: string;
  /** Traces that began in it. */
  readonly traces: number;
  /** Events a minute in its last step that has ended; null when none has. */
  readonly perMinute: number | null;
}

const BEHIND_S = 30;
const STITCHING_MS = 30_000;
const QUIET_MS = 5 * 60_000;

/** The worst finding first: our own data, then what it says. */
export function verdict(facts: VerdictFacts): Verdict {
  const { pulse } = facts;
  if (pulse === null)
    return {
      kind: 'no answer',
      mark: 'stalled',
      sentence: [t('The store does not answer')],
      detail: [t('Nothing can be read right now. This page tries again by itself.')],
    };
  if (facts.stale) return staleFinding(facts);
  return (
    tapFinding(pulse, facts) ??
    emptyFinding(facts) ??
    behindFinding(pulse) ??
    stallFinding(facts) ??
    gapFinding(pulse) ??
    stitchFinding(pulse, facts) ??
    healthy(pulse, facts)
  );
}

function staleFinding(facts: VerdictFacts): Verdict {
  return {
    kind: 'stale',
    mark: 'unknown',
    sentence: [t('No updates since '), m(formatInstant(facts.nowMs, facts.nowMs))],
    detail: [t('The live stream dropped and is tried again. What you see is from then; ages have stopped counting.')],
  };
}

function tapFinding(pulse: Pulse, facts: VerdictFacts): Verdict | null {
  const { tap } = pulse;
  const kept = storedWords(facts);
  if (tap.up === 0) {
    const detail =
      tap.known === 0
        ? [t('No tap has reported yet.')]
        : [t('The tap that was running has stopped reporting. '), ...kept];
    return { kind: 'no tap', mark: 'stalled', sentence: [t('No tap is running')], detail };
  }
  if (tap.connected) return null;
  const since = tap.since === null ? [] : [t('Since '), m(formatInstant(instantMs(tap.since), facts.nowMs)), t('. ')];
  const { what, remedy } = splitMessage(tap.message ?? 'the tap reaches no broker');
  return {
    kind: 'not connected',
    mark: 'stalled',
    sentence: [t('Not connected: '), t(what)],
    detail: [...(remedy === '' ? [] : [t(`${remedy} `)]), ...since, ...kept],
  };
}

/** A tap says what is wrong in its first sentence, and what to do about it in those that follow. */
function splitMessage(message: string): { readonly what: string; readonly remedy: string } {
  const end = message.indexOf('. ');
  return end < 0 ? { what: message, remedy: '' } : { what: message.slice(0, end), remedy: message.slice(end + 2) };
}

function storedWords(facts: VerdictFacts): Words[] {
  if (facts.totals === null || facts.totals.stored === '0') return [t('Nothing is stored yet.')];
  return [m(formatCount(facts.totals.stored)), t(' stored records stay readable.')];
}

/** Kafka hides a topic without a word from who may not describe it. */
const HIDDEN_TOPICS = ' If the cluster has some, grant the tap the ACL operations Describe and Read on them.';

function emptyFinding(facts: VerdictFacts): Verdict | null {
  if (facts.totals === null || facts.totals.stored !== '0') return null;
  const topics =
    facts.partitions === 0
      ? `No topic is visible yet.${facts.pulse?.cluster?.source === 'kafka' ? HIDDEN_TOPICS : ''}`
      : `${formatCounted(facts.partitions, 'partition')} watched, none holds a record yet.`;
  return {
    kind: 'waiting',
    mark: 'running',
    sentence: [t('Connected. Waiting for the first record')],
    detail: [t(topics)],
  };
}

function behindFinding(pulse: Pulse): Verdict | null {
  const { behind_s: behind, lag } = pulse.tap;
  if (behind === null && lag !== '0')
    return {
      kind: 'behind',
      mark: 'unknown',
      sentence: [m(formatCount(lag)), t(' records are not read yet')],
      detail: [t('How old they are is not known yet; every count here is a lower bound.')],
    };
  if (behind === null || behind <= BEHIND_S) return null;
  return {
    kind: 'behind',
    mark: 'unknown',
    sentence: [t('The tap is '), m(formatAge(behind * 1000)), t(' behind')],
    detail: [
      m(formatCount(pulse.tap.lag)),
      t(' records on the brokers are not read yet; every count here is a lower bound.'),
    ],
  };
}

function stallFinding({ stalls, nowMs }: VerdictFacts): Verdict | null {
  const [worst] = stalls?.pairs ?? [];
  if (stalls === null || worst === undefined) return null;
  return {
    kind: 'stalled',
    mark: 'stalled',
    sentence: stopSentence(worst),
    detail: stopDetail(worst, stalls, nowMs),
  };
}

function gapFinding(pulse: Pulse): Verdict | null {
  const [unreadable] = pulse.tap.unreadable;
  if (unreadable !== undefined)
    return {
      kind: 'unreadable',
      mark: 'unknown',
      sentence: [
        t(
          pulse.tap.unreadable.length === 1
            ? 'One topic cannot be read'
            : `${pulse.tap.unreadable.length} topics cannot be read`,
        ),
      ],
      detail: [m(unreadable.topic), t(`: ${unreadable.reason}`)],
    };
  if (pulse.holes === 0) return null;
  const share =
    pulse.stored_share === null
      ? []
      : [t(' Stored are '), m(formatShare(pulse.stored_share)), t(' of the offsets known to exist.')];
  return {
    kind: 'holes',
    mark: 'unknown',
    sentence: [t('Totals are lower bounds: '), { text: formatCounted(pulse.holes, 'hole'), href: '/topics?tab=holes' }],
    detail: [t('Offsets are missing that the tap could not read.'), ...share],
  };
}

function stitchFinding(pulse: Pulse, facts: VerdictFacts): Verdict | null {
  const behindMs = facts.nowMs - instantMs(pulse.settled.to);
  if (pulse.settled.waiting === 0 || behindMs <= STITCHING_MS) return null;
  return {
    kind: 'stitching',
    mark: 'unknown',
    sentence: [t('Stitching is '), m(formatAge(behindMs)), t(' behind')],
    detail: [m(formatCount(pulse.settled.waiting)), t(' traces wait to be stitched; their records are stored.')],
  };
}

function healthy(pulse: Pulse, facts: VerdictFacts): Verdict {
  const figures =
    facts.totals === null
      ? []
      : [
          m(formatCount(facts.totals.stored)),
          t(
            ` ${facts.totals.stored === '1' ? 'record' : 'records'} stored from ${formatCounted(facts.partitions, 'partition')}`,
          ),
        ];
  const ageMs = facts.newestMs === null ? null : facts.nowMs - facts.newestMs;
  if (ageMs !== null && ageMs > QUIET_MS && pulse.cluster?.source !== 'replay')
    return {
      kind: 'quiet',
      mark: 'unknown',
      sentence: [t('Quiet since '), m(formatInstant(facts.newestMs ?? 0, facts.nowMs))],
      detail: [t('Everything is read; no newer record is on the brokers. '), ...figures, t('.')],
    };
  const newest =
    ageMs === null || pulse.cluster?.source === 'replay' ? [] : [t(', the newest '), m(formatAge(ageMs)), t(' old')];
  return {
    kind: 'flowing',
    mark: 'flowing',
    sentence: [t('Everything is read, events flow')],
    detail: [
      ...recentWords(facts.recent),
      ...figures,
      ...newest,
      t(', '),
      m(formatCount(pulse.tap.lag)),
      t(' left to read.'),
    ],
  };
}

function recentWords(recent: Recent | null): Words[] {
  if (recent === null) return [];
  const began = [
    m(formatCount(recent.traces)),
    t(`${recent.traces === 1 ? ' trace' : ' traces'} began in the ${recent.label}`),
  ];
  const rate = recent.perMinute === null ? [] : [t(', '), m(`${formatRate(recent.perMinute)}/min`), t(' events')];
  return [...began, ...rate, t('. ')];
}

function t(text: string): Words {
  return { text };
}

function m(text: string): Words {
  return { text, mono: true };
}
