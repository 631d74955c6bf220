import {
  type Outcome,
  recordKey,
  type Stage,
  type StitchEvent,
  type StitchedTrace,
  type Topology,
} from '../model/trace.ts';
import { compareEvents } from './canonical-order.ts';
import { chooseParents } from './choose-parents.ts';
import { describeEpisodes } from './describe-episodes.ts';
import { explicitCauses } from './explicit-causes.ts';
import { findAttempts } from './find-attempts.ts';
import { findStages, type StageOf } from './find-stages.ts';
import { inferParents, type KnownCauses } from './infer-parents.ts';
import { makeHops } from './make-hops.ts';
import { replyPairs } from './reply-pairs.ts';
import { separateCopies } from './separate-copies.ts';
import { splitEpisodes } from './split-episodes.ts';

/** Above this many standing events only explicit evidence makes hops: an inferred parent among so many says nothing. */
const MAX_INFERRED_EVENTS = 50_000;

/** What stitching needs beside the events. */
export interface StitchOptions {
  /** A pause longer than this ends an episode; an inferred hop longer than this is flagged. */
  readonly episodeGapMs: number;
  /** `recordKey` of events whose hops are sealed: they can be causes, and get no other hop. */
  readonly frozen?: ReadonlySet<string>;
}

/**
 * Stitches the events of one trace: copies out, events in canonical order, parents by what events say, then by order.
 *
 *     events ─ separate copies ─ sort ─┬─ ids, spans, links ─ parents without cycles ─┬─ hops ─ attempts, replies,
 *                                      └─ stages ───────────── parents by order ──────┘         outcomes, episodes
 *
 * Pure, and independent of the order, the repetition and the batches in which events came; near-linear in their number,
 * whatever their shape. Throws RangeError on none.
 */
export function stitch(events: readonly StitchEvent[], topology: Topology, options: StitchOptions): StitchedTrace {
  const { standing, duplicates, conflicts } = separateCopies(events);
  const ordered = [...standing].sort(compareEvents);
  const first = ordered[0];
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a trace has at least one event');
  const { frozen } = options;
  const sealed = (place: number) => frozen?.has(recordKey(ordered[place] ?? first)) === true;
  const said = explicitCauses(ordered);
  const stageOf = findStages(ordered);
  const known: KnownCauses = { said, stageOf, sealed, ...chooseParents(said, sealed) };
  const inferenceLeftOut = ordered.length > MAX_INFERRED_EVENTS;
  const parentAt = inferenceLeftOut ? explicitParents(known) : inferParents(ordered, topology, known);
  const episodes = splitEpisodes(ordered, options.episodeGapMs);
  return {
    events: ordered,
    hops: makeHops(ordered, { ...known, parentAt }, options.episodeGapMs),
    duplicates,
    conflicts,
    stages: makeStages(ordered, stageOf),
    outcomes: makeOutcomes(ordered, stageOf, parentAt),
    attempts: findAttempts(ordered, parentAt, stageOf),
    replies: replyPairs(ordered, parentAt, episodes),
    episodes: describeEpisodes(episodes, parentAt),
    inferenceLeftOut,
    startedAt: first.occurredAt,
    endedAt: last.occurredAt,
  };
}

function explicitParents({ parents }: KnownCauses): readonly number[] {
  return parents.map((claim) => claim?.cause ?? -1);
}

function makeStages(ordered: readonly StitchEvent[], stageOf: StageOf): readonly Stage[] {
  const stages: Stage[] = [];
  ordered.forEach((event, place) => {
    const of = ordered[stageOf[place] ?? -1];
    if (of !== undefined) stages.push({ of, event, kind: event.deadLetter ? 'dead letter' : 'retry' });
  });
  return stages;
}

/** What became of events: of the one with the dead letter's id, else of its cause. */
function makeOutcomes(
  ordered: readonly StitchEvent[],
  stageOf: StageOf,
  parentAt: readonly number[],
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  ordered.forEach((event, place) => {
    if (!event.deadLetter) return;
    outcomes.push({ of: ordered[stageOf[place] ?? -1] ?? ordered[parentAt[place] ?? -1] ?? null, event });
  });
  return outcomes;
}
