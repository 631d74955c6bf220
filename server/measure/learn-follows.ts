import type { Follow, Learned, Maker, SampledEpisode } from '../model/follow.ts';

export interface LearnOptions {
  /** What was learned before stays until it is clearly no longer so: nothing flickers about the limit. */
  readonly known: readonly Pick<Follow, 'typeId' | 'followId'>[];
  /** Types at which traces have been stalled for a whole day. Where they are most, that is what usually happens now. */
  readonly stalledForADay: ReadonlySet<number>;
}

/** Least episodes with a type before anything is said of it. */
export const LEAST_TRACES = 12;
/** Least share that followed, at its lower end: to be learned, and to be kept. */
const LEARNED = 0.8;
const KEPT = 0.7;
/** Least episodes in which it followed, of those that may still turn out to be too young to count. */
const LEAST_FOLLOWED = Math.ceil(LEAST_TRACES * KEPT);
/** One-sided 95 %: with all of twelve the lower end is 0.816. */
const Z = 1.645;
/** Nothing is overdue sooner. */
const LEAST_WAIT_US = 5_000_000;
/** An episode says that something did not follow only this long after the usual wait for it, and never sooner than that. */
const SETTLED_AFTER_US = 10_000_000;
const LEAST_QUIET_US = 30_000_000;
/** Least episodes with a type before it can mean that another will not come. */
const LEAST_INSTEAD = 3;

/** What learning holds at most: types of one episode, event types (those seen most), their pairs, delays of a pair. */
const MOST_TYPES = 32;
const MOST_EVENT_TYPES = 2_000;
const MOST_PAIRS = 200_000;
const MOST_DELAYS = 1_000;
const MOST_FOLLOWS = 5_000;
/** Types that are counted, those of newer episodes first; topics of one type. */
const MOST_SEEN = 50_000;
const MOST_TOPICS = 20;

/**
 * Learns what usually follows each event type, from the newest first. Whether something followed is asked of an episode
 * only when it would long have come: a running one says neither yes nor no.
 */
export function learnFollows(sample: readonly SampledEpisode[], { known, stalledForADay }: LearnOptions): Learned {
  const seen = countTypes(sample);
  const { episodes, size, idOf } = toDense(sample, seen, stalledForADay);
  const pairs = pairsOf(episodes, size);
  countSettled(episodes, pairs);
  const kept = new Set(known.map(({ typeId, followId }) => `${typeId} ${followId}`));
  const usual = pairs.list.flatMap((pair) => {
    const least = leastShare(pair.followed, pair.traces);
    const limit = kept.has(`${idOf(pair.type)} ${idOf(pair.follow)}`) ? KEPT : LEARNED;
    return pair.traces >= LEAST_TRACES && least >= limit ? [{ ...pair, least }] : [];
  });
  const strongest = usual.sort((a, b) => b.traces - a.traces || a.type - b.type || a.follow - b.follow);
  const follows = strongest.slice(0, MOST_FOLLOWS);
  const instead = alternatives(episodes, follows, size);
  return {
    follows: follows.map(({ type, follow, ...pair }) => ({
      ...{ typeId: idOf(type), followId: idOf(follow) },
      ...pair,
      instead: (instead.get(follow) ?? []).map(idOf).sort(ascending),
    })),
    makers: makersOf(sample, new Set(Array.from({ length: size }, (_, type) => idOf(type)))),
  };
}

/** How often each type was seen, and how often in a stalled trace. */
type Seen = ReadonlyMap<number, { readonly all: number; readonly stalled: number }>;

function countTypes(sample: readonly SampledEpisode[]): Seen {
  const seen = new Map<number, { all: number; stalled: number }>();
  for (const { types, stalled } of sample) {
    for (const { typeId } of types.slice(0, MOST_TYPES)) {
      let count = seen.get(typeId);
      if (count === undefined) {
        if (seen.size === MOST_SEEN) continue;
        count = { all: 0, stalled: 0 };
        seen.set(typeId, count);
      }
      count.all += 1;
      if (stalled) count.stalled += 1;
    }
  }
  return seen;
}

/** An episode with its types as numbers from 0 on, so that a pair of them is a place in an array. */
interface DenseEpisode {
  readonly types: readonly number[];
  readonly us: readonly number[];
  readonly seenUs: readonly number[];
  readonly ageUs: number;
  readonly stalled: boolean;
  /** Per type: whether the episode counts for it. A stalled one does only where that is what usually happens now. */
  readonly counts: readonly boolean[];
}

interface Dense {
  readonly episodes: readonly DenseEpisode[];
  readonly size: number;
  readonly idOf: (type: number) => number;
}

function toDense(sample: readonly SampledEpisode[], seen: Seen, stalledForADay: ReadonlySet<number>): Dense {
  const often = [...seen].filter(([, { all }]) => all >= LEAST_INSTEAD);
  const most = often.sort(([a, n], [b, m]) => m.all - n.all || a - b).slice(0, MOST_EVENT_TYPES);
  const ids = most.map(([typeId]) => typeId).sort(ascending);
  const typeOf = new Map(ids.map((typeId, type) => [typeId, type]));
  const givenUp = new Set(
    [...stalledForADay].filter((typeId) => {
      const { all = 0, stalled = 0 } = seen.get(typeId) ?? {};
      return stalled * 2 > all;
    }),
  );
  const episodes = sample.map(({ types: all, ageUs, stalled }) => {
    const types = all.slice(0, MOST_TYPES).filter(({ typeId }) => typeOf.has(typeId));
    return {
      types: types.map(({ typeId }) => typeOf.get(typeId) ?? 0),
      us: types.map(({ us }) => us),
      seenUs: types.map(({ seenUs }) => seenUs),
      counts: types.map(({ typeId }) => !stalled || givenUp.has(typeId)),
      ...{ ageUs, stalled },
    };
  });
  return { episodes, size: ids.length, idOf: (type) => ids[type] ?? 0 };
}

interface Pair {
  readonly type: number;
  readonly follow: number;
  traces: number;
  followed: number;
  readonly typicalUs: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly waitUs: number;
}

interface Pairs {
  readonly list: readonly Pair[];
  /** Per type those that may follow it. */
  readonly byType: ReadonlyMap<number, readonly Pair[]>;
}

/** Pairs that followed often enough to ask about, with how soon. */
function pairsOf(episodes: readonly DenseEpisode[], size: number): Pairs {
  /** Place of a pair in `found`, counted from 1. */
  const places = new Int32Array(size * size);
  const found: { type: number; follow: number; delays: number[]; arrivals: number[] }[] = [];
  for (const { types, us, seenUs, counts } of episodes) {
    for (let one = 0; one < types.length; one += 1) {
      if (counts[one] !== true) continue;
      const type = types[one] ?? 0;
      for (let later = one + 1; later < types.length; later += 1) {
        const follow = types[later] ?? 0;
        let place = places[type * size + follow] ?? 0;
        if (place === 0) {
          if (found.length === MOST_PAIRS) continue;
          place = found.push({ type, follow, delays: [], arrivals: [] });
          places[type * size + follow] = place;
        }
        const pair = found[place - 1];
        if (pair === undefined || pair.delays.length === MOST_DELAYS) continue;
        pair.delays.push((us[later] ?? 0) - (us[one] ?? 0));
        pair.arrivals.push((seenUs[later] ?? 0) - (us[one] ?? 0));
      }
    }
  }
  const list = found.filter(({ delays }) => delays.length >= LEAST_FOLLOWED).map(toPair);
  return { list, byType: groupBy(list, ({ type }) => type) };
}

function toPair({
  type,
  follow,
  delays,
  arrivals,
}: {
  readonly type: number;
  readonly follow: number;
  readonly delays: number[];
  readonly arrivals: number[];
}): Pair {
  delays.sort(ascending);
  arrivals.sort(ascending);
  return {
    ...{ type, follow, traces: 0, followed: 0 },
    typicalUs: rank(delays, 0.5),
    p95Us: rank(delays, 0.95),
    p99Us: rank(delays, 0.99),
    waitUs: Math.max(2 * rank(arrivals, 0.99), LEAST_WAIT_US),
  };
}

/** Of each pair the episodes that would long have had the follower, and those that have it. */
function countSettled(episodes: readonly DenseEpisode[], { byType }: Pairs): void {
  for (const { types, us, ageUs, counts } of episodes) {
    for (let one = 0; one < types.length; one += 1) {
      if (counts[one] !== true) continue;
      const passedUs = ageUs - (us[one] ?? 0);
      for (const pair of byType.get(types[one] ?? 0) ?? []) {
        if (passedUs <= settledAfter(pair.waitUs)) continue;
        pair.traces += 1;
        if (types.indexOf(pair.follow, one + 1) > one) pair.followed += 1;
      }
    }
  }
}

function settledAfter(waitUs: number): number {
  return Math.max(waitUs + SETTLED_AFTER_US, LEAST_QUIET_US);
}

/** Per follower the types whose episodes mostly go without it. */
function alternatives(
  episodes: readonly DenseEpisode[],
  follows: readonly Pick<Pair, 'type' | 'follow' | 'waitUs'>[],
  size: number,
): ReadonlyMap<number, readonly number[]> {
  const byType = groupBy(follows, ({ type }) => type);
  const targets = [...new Set(follows.map(({ follow }) => follow))];
  const waits = new Float64Array(size);
  for (const { follow, waitUs } of follows) waits[follow] = Math.max(waits[follow] ?? 0, waitUs);
  const all = new Map(targets.map((follow) => [follow, new Int32Array(size)]));
  const both = new Map(targets.map((follow) => [follow, new Int32Array(size)]));
  for (const { types, us, ageUs, stalled } of episodes) {
    if (stalled) continue;
    const quietUs = ageUs - Math.max(0, ...us);
    const asked = new Set<number>();
    for (const type of types) for (const { follow } of byType.get(type) ?? []) asked.add(follow);
    for (const follow of asked) {
      if (quietUs <= settledAfter(waits[follow] ?? 0)) continue;
      const counted = types.includes(follow) ? [all.get(follow), both.get(follow)] : [all.get(follow)];
      for (const counts of counted)
        for (const type of types) if (counts !== undefined) counts[type] = (counts[type] ?? 0) + 1;
    }
  }
  return new Map(
    targets.map((follow) => {
      const [seen, together] = [all.get(follow) ?? [], both.get(follow) ?? []];
      const without = Array.from({ length: size }, (_, type) => type).filter((type) => {
        const count = seen[type] ?? 0;
        return type !== follow && count >= LEAST_INSTEAD && (together[type] ?? 0) * 2 < count;
      });
      return [follow, without];
    }),
  );
}

/** The service that most often produces the first of a type; of two alike the lesser id. */
function makersOf(sample: readonly SampledEpisode[], wanted: ReadonlySet<number>): readonly Maker[] {
  const seen = new Map<number, { services: Map<number | null, number>; topics: Set<number> }>();
  for (const { types } of sample) {
    for (const { typeId, serviceId, incarnationId } of types.slice(0, MOST_TYPES)) {
      if (!wanted.has(typeId)) continue;
      const maker = seen.get(typeId) ?? { services: new Map(), topics: new Set() };
      maker.services.set(serviceId, (maker.services.get(serviceId) ?? 0) + 1);
      if (maker.topics.size < MOST_TOPICS) maker.topics.add(incarnationId);
      seen.set(typeId, maker);
    }
  }
  return [...seen].map(([typeId, { services, topics }]) => ({
    typeId,
    serviceId: [...services].sort(([a, n], [b, m]) => m - n || (a ?? 0) - (b ?? 0))[0]?.[0] ?? null,
    incarnationIds: [...topics].sort(ascending),
  }));
}

/** Lower end of the interval in which the true share lies (Wilson score, one-sided 95 %). */
export function leastShare(hits: number, all: number): number {
  if (all === 0) return 0;
  const share = hits / all;
  const spread = Z * Math.sqrt((share * (1 - share)) / all + (Z * Z) / (4 * all * all));
  return Math.max(0, (share + (Z * Z) / (2 * all) - spread) / (1 + (Z * Z) / all));
}

/** The value of a rank (nearest rank) in ascending values. */
function rank(ascendingValues: readonly number[], share: number): number {
  return ascendingValues[Math.max(0, Math.ceil(share * ascendingValues.length) - 1)] ?? 0;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
