import { chanceOf, seededChance } from '../../demo/behaviour/chance.ts';
import { ANSWER_LISTENING, PERSIST_LISTENING, REPLIES } from '../../demo/behaviour/listening.ts';
import { rehearse } from '../../demo/behaviour/rehearse.ts';
import type { ReadingGroup } from '../../server/stitch/derive-topology.ts';

/** A record of a scenario, as far as stitching looks, with its true cause. */
export interface ScenarioRecord {
  readonly topic: string;
  readonly type: string;
  readonly service: string;
  readonly correlationId: string;
  readonly eventId: string | null;
  readonly occurredMs: number;
  readonly recordedMs: number;
  /** Records with the same body are copies of one event. */
  readonly body: string;
  /** The body of the record that truly caused it; null for a root. */
  readonly causeBody: string | null;
}

/** Records whose parents are to be inferred, and the groups that read them. */
export interface Scenario {
  readonly name: string;
  readonly records: readonly ScenarioRecord[];
  readonly groups: readonly ReadingGroup[];
}

const STEADY = 40;
const START_MS = Date.UTC(2025, 9, 18);
const GROUPS: readonly ReadingGroup[] = [...ANSWER_LISTENING, ...PERSIST_LISTENING, REPLIES].map(
  ({ groupId, topics }) => ({ groupId, topics }),
);

/** About so many of the demo's own conversations, as it plays them. */
export function conversations(seed: number, perMinute: number, asks: number): readonly ScenarioRecord[] {
  const askingMs = (asks / perMinute) * 60_000;
  const { records, truth } = rehearse({ seed, startMs: START_MS, askingMs, perMinute });
  const bodies = new Map(records.map((record) => [placeOf(record), record.value]));
  return records.map((record, at) => {
    const body = JSON.parse(record.value);
    const cause = truth[at]?.caused_by ?? null;
    return {
      topic: record.topic,
      type: String(body.event_type),
      service: String(body.source_service),
      correlationId: String(body.correlation_id),
      eventId: typeof body.event_id === 'string' ? body.event_id : null,
      occurredMs: Date.parse(body.timestamp),
      recordedMs: START_MS + record.atMs,
      body: record.value,
      causeBody: cause === null ? null : (bodies.get(placeOf(cause)) ?? null),
    };
  });
}

function placeOf(at: { readonly topic: string; readonly partition: number; readonly offset: string }): string {
  return `${at.topic}/${at.partition}/${at.offset}`;
}

/** The demo as it plays by default: 40 conversations a minute, each with its own correlation id. */
export function steady(seed: number, asks: number): Scenario {
  return {
    name: 'steady: 40 asks a minute, each its own trace',
    records: conversations(seed, STEADY, asks),
    groups: GROUPS,
  };
}

/** Fifteen times as many at once, each with its own correlation id. */
export function crowded(seed: number, asks: number): Scenario {
  return {
    name: 'crowded: 600 asks a minute, each its own trace',
    records: conversations(seed, 600, asks),
    groups: GROUPS,
  };
}

/**
 * So many asks, one after the other, have one correlation id, as of a client that opens them in one session: their
 * conversations lie over each other in one trace. One takes four to five seconds from its ask to its end.
 */
export function burst(seed: number, asks: number, together: number, perMinute: number): Scenario {
  const records = conversations(seed, perMinute, asks);
  const opened = new Map<string, number>();
  for (const record of records.toSorted((a, b) => a.occurredMs - b.occurredMs)) {
    if (record.type === 'CODEGEN_REQUESTED' && !opened.has(record.correlationId)) {
      opened.set(record.correlationId, opened.size);
    }
  }
  const joined = (id: string) => {
    const number = opened.get(id);
    return number === undefined ? id : `burst ${Math.floor(number / together)}`;
  };
  return {
    name: `burst: ${together} asks in one trace, ${(60 / perMinute).toFixed(1)} s apart`,
    records: records.map((record) => ({ ...record, correlationId: joined(record.correlationId) })),
    groups: GROUPS,
  };
}

/** One record in twenty-five never comes, and nothing that it would have caused. */
export function brokenOff(scenario: Scenario): Scenario {
  const missing = new Set<string>();
  const records = scenario.records
    .toSorted((a, b) => a.recordedMs - b.recordedMs)
    .filter(({ body, causeBody }) => {
      if (causeBody === null) return true;
      if (!missing.has(causeBody) && chanceOf(body).unit() >= 1 / 25) return true;
      missing.add(body);
      return false;
    });
  return { ...scenario, name: `${scenario.name}, some break off`, records };
}

/** Every service's clock is off by up to so much, and records arrive in any order. */
export function reordered(seed: number, asks: number, offByMs: number): Scenario {
  const chance = seededChance(seed);
  const offsets = new Map<string, number>();
  const clockOf = (service: string) => {
    const off = offsets.get(service) ?? Math.round((chance.unit() * 2 - 1) * offByMs);
    offsets.set(service, off);
    return off;
  };
  const records = conversations(seed, STEADY, asks)
    .map((record) => ({ ...record, occurredMs: record.occurredMs + clockOf(record.service), order: chance.unit() }))
    .sort((a, b) => a.order - b.order);
  return { name: `reordered: in any order, clocks off by up to ${offByMs} ms`, records, groups: GROUPS };
}

/** Every third record comes again, once or several times. */
export function duplicated(seed: number, asks: number): Scenario {
  const chance = seededChance(seed);
  const records = conversations(seed, STEADY, asks).flatMap((record) => {
    const copies = chance.unit() < 1 / 3 ? 1 + Math.floor(chance.unit() * 3) : 0;
    return Array.from({ length: 1 + copies }, (_, copy) => ({ ...record, recordedMs: record.recordedMs + copy * 35 }));
  });
  return { name: 'duplicated: every third record comes again', records, groups: GROUPS };
}

/** All services write to two topics and read them both. */
export function sharedTopics(seed: number, asks: number): Scenario {
  const topicOf = (topic: string) => (/request|execution/.test(topic) ? 'commands' : 'events');
  return {
    name: 'several services per topic: two topics for all',
    records: conversations(seed, STEADY, asks).map((record) => ({ ...record, topic: topicOf(record.topic) })),
    groups: GROUPS.map(({ groupId, topics }) => ({ groupId, topics: [...new Set(topics.map(topicOf))] })),
  };
}
