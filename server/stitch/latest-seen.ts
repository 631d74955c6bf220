import type { StitchEvent, Topology } from '../model/trace.ts';
import type { EventKinds } from './event-kinds.ts';
import { LatestTwo } from './latest-two.ts';

/** The latest of the events seen so far, as seen from a service. */
export interface LatestSeen {
  see(place: number): void;
  /**
   * The latest on a topic that this event's service consumes, else the latest of another service, else the latest; of
   * the event's own kind only when nothing else is there. -1 for none.
   */
  before(effect: number): number;
  /** How many events were on topics that this event's service consumes; null where those are not known. */
  countRead(effect: number): number | null;
}

interface OnTopic {
  readonly latest: LatestTwo;
  count: number;
}

/** What was on some topics, as of the first `upTo` events seen. */
interface Reader {
  readonly topics: ReadonlySet<string>;
  readonly latest: LatestTwo;
  count: number;
  upTo: number;
}

/** Keeps the latest events per topic, so that a question costs a few look-ups whatever the trace's size. */
export function latestSeen(ordered: readonly StitchEvent[], topology: Topology, kinds: EventKinds): LatestSeen {
  const topicAt = (place: number) => ordered[place]?.topic ?? '';
  const serviceAt = (place: number) => ordered[place]?.serviceId ?? null;
  const kindAt = (place: number) => kinds.at[place] ?? 0;
  const topicsHere = new Set(ordered.map((event) => event.topic));
  const onTopics = new Map<string, OnTopic>();
  // Services that read the same topics have read the same.
  const readers = new Map<ReadonlySet<string>, Reader>();
  const byService = new LatestTwo(serviceAt);
  const byKind = new LatestTwo(kindAt);
  const seen: number[] = [];

  /** Brought up to date by the events since, or by the topics where those are fewer. */
  function readerOf(effect: number): Reader | null {
    const reader = knownReader(serviceAt(effect));
    if (reader === null) return null;
    if (seen.length - reader.upTo <= reader.topics.size) addEvents(reader);
    else addTopics(reader);
    reader.upTo = seen.length;
    return reader;
  }

  function knownReader(serviceId: number | null): Reader | null {
    const consumed = serviceId === null ? undefined : topology.consumes.get(serviceId);
    if (consumed === undefined) return null;
    const known = readers.get(consumed);
    if (known !== undefined) return known;
    const reader = { topics: inBoth(consumed, topicsHere), latest: new LatestTwo(kindAt), count: 0, upTo: 0 };
    readers.set(consumed, reader);
    return reader;
  }

  function addEvents(reader: Reader): void {
    for (let at = reader.upTo; at < seen.length; at++) {
      const place = seen[at] ?? -1;
      if (!reader.topics.has(topicAt(place))) continue;
      reader.latest.put(place);
      reader.count += 1;
    }
  }

  function addTopics(reader: Reader): void {
    reader.count = 0;
    for (const topic of reader.topics) {
      const onTopic = onTopics.get(topic);
      if (onTopic === undefined) continue;
      reader.latest.putAllOf(onTopic.latest);
      reader.count += onTopic.count;
    }
  }

  return {
    see(place) {
      const onTopic = onTopics.get(topicAt(place)) ?? { latest: new LatestTwo(kindAt), count: 0 };
      onTopics.set(topicAt(place), onTopic);
      onTopic.latest.put(place);
      onTopic.count += 1;
      byService.put(place);
      byKind.put(place);
      seen.push(place);
    },
    before(effect) {
      const kind = kindAt(effect);
      const consumed = readerOf(effect)?.latest.outside(kind) ?? -1;
      if (consumed >= 0) return consumed;
      const ofAnother = byService.outside(serviceAt(effect));
      if (ofAnother >= 0) return ofAnother;
      const ofOtherKind = byKind.outside(kind);
      return ofOtherKind >= 0 ? ofOtherKind : byKind.latest;
    },
    countRead: (effect) => readerOf(effect)?.count ?? null,
  };
}

function inBoth(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  return new Set([...fewer].filter((topic) => more.has(topic)));
}
