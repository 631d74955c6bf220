import type { EpisodeType } from '../model/episode.ts';
import { furthestIn } from '../model/furthest-in.ts';
import type { Expectations, ExpectedFlow, Missing, Waiting, WaitingEpisode } from '../model/waiting.ts';

/**
 * What an episode waits for, `nowUs` after its begin: of all that is overdue that which would have come first. Nothing
 * that usually comes after another missing one is missed before that is. A declared flow that has ended waits for
 * nothing, and of its steps only what is declared counts.
 */
export function nextExpected(episode: WaitingEpisode, expectations: Expectations, nowUs: number): Waiting {
  const missing = missingOf(episode, expectations);
  const [first] = missing
    .filter((each) => each.dueUs < nowUs && !missing.some((other) => precedes(other, each, expectations)))
    .sort(byTime);
  if (first !== undefined) return { kind: 'overdue', missing: first };
  const dues = missing.flatMap(({ dueUs }) => (dueUs >= nowUs ? [dueUs] : []));
  return dues.length === 0 ? { kind: 'nothing' } : { kind: 'waiting', dueUs: Math.min(...dues) };
}

/** The second usually follows the first. */
function precedes(first: Missing, second: Missing, { follows }: Expectations): boolean {
  if (first.typeId === null) return false;
  return follows.get(first.typeId)?.some(({ followId }) => followId === second.typeId) === true;
}

function byTime(a: Missing, b: Missing): number {
  const rank = (missing: Missing) => (missing.declared === null ? 1 : 0);
  return a.usualUs - b.usualUs || rank(a) - rank(b) || (a.typeId ?? 0) - (b.typeId ?? 0);
}

function missingOf(episode: WaitingEpisode, { flows, follows }: Expectations): readonly Missing[] {
  if (episode.failed) return [];
  const seen = new Map(episode.types.map((type) => [type.typeId, type]));
  const begun = flows.filter(({ startId }) => startId === episode.rootTypeId && seen.has(startId));
  if (begun.some(({ endIds }) => [...endIds].some((id) => seen.has(id)))) return [];
  const declared = nextOfOne(begun, seen, follows);
  const steps = new Set(begun.flatMap((flow) => flow.steps.map(({ typeId }) => typeId)));
  const learned = learnedNext(episode, follows, seen).filter(({ typeId }) => !steps.has(typeId));
  return declared === null ? learned : [declared, ...learned];
}

/**
 * The next step of the flow that the episode is in. Of flows that begin alike that is the one it has gone furthest in; while
 * it may be several, one that wants nothing more is enough, and nothing is overdue before all of them are.
 */
function nextOfOne(begun: readonly ExpectedFlow[], seen: Seen, follows: Expectations['follows']): Missing | null {
  const furthest = furthestIn(begun, ({ startId, steps }) =>
    steps.findLastIndex(({ typeId }) => typeId !== null && typeId !== startId && seen.has(typeId)),
  );
  const next = furthest.map((flow) => declaredNext(flow, seen, follows));
  return next.reduce((a, b) => (a === null || b === null ? null : b.dueUs > a.dueUs ? b : a), next[0] ?? null);
}

type Seen = ReadonlyMap<number, Pick<EpisodeType, 'typeId' | 'us'>>;

/** The step behind the furthest one that was seen: what a flow has gone past does not stop it. */
function declaredNext(flow: ExpectedFlow, seen: Seen, follows: Expectations['follows']): Missing | null {
  const place = flow.steps.findLastIndex(({ typeId }) => typeId !== null && seen.has(typeId));
  const step = flow.steps[place + 1];
  const last = flow.steps[place]?.typeId;
  const after = (last == null ? undefined : seen.get(last)) ?? seen.get(flow.startId);
  if (step === undefined || after === undefined) return null;
  const learned = follows.get(after.typeId)?.find(({ followId }) => followId === step.typeId) ?? null;
  return {
    after,
    typeId: step.typeId,
    dueUs: after.us + step.withinUs,
    usualUs: after.us + (learned?.typicalUs ?? step.withinUs),
    declared: { flow: flow.name, step },
    learned,
  };
}

/** Per missing type the latest step that it usually follows. */
function learnedNext(
  { types }: WaitingEpisode,
  follows: Expectations['follows'],
  seen: ReadonlyMap<number, unknown>,
): readonly Missing[] {
  const latest = new Map<number, Missing>();
  for (const after of types) {
    for (const learned of follows.get(after.typeId) ?? []) {
      if (seen.has(learned.followId)) continue;
      if (learned.instead.some((id) => id !== after.typeId && seen.has(id))) continue;
      const before = latest.get(learned.followId);
      if (before !== undefined && before.after.us > after.us) continue;
      const { followId: typeId, waitUs, typicalUs } = learned;
      const times = { dueUs: after.us + waitUs, usualUs: after.us + typicalUs };
      latest.set(typeId, { after, typeId, ...times, declared: null, learned });
    }
  }
  return [...latest.values()];
}
