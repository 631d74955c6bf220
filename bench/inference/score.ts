import { NAMES_ALONE } from '../../server/model/dead-letter-queue.ts';
import { micros } from '../../server/model/time.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS, type StitchEvent, type Topology } from '../../server/model/trace.ts';
import { deriveTopology, nextTopology, type ObservedCause } from '../../server/stitch/derive-topology.ts';
import { stitch } from '../../server/stitch/stitch.ts';
import type { Scenario, ScenarioRecord } from './scenarios.ts';

/** How often inferred parents were true ones. */
export interface Score {
  /** Of the parents that were inferred, the share that is true. */
  readonly precision: number;
  /** Of the true parents, the share that was inferred. */
  readonly recall: number;
  readonly inferred: number;
  readonly truly: number;
}

/** What inference may know of the system: nothing, its groups, or those and what followed from what on another day. */
export type Knowledge = 'order alone' | 'groups' | 'groups and causes';

/**
 * Stitches a scenario with everything that names a cause left out, and counts. A cause that came several times is one: any
 * copy of it will do.
 */
export function scoreInference(scenario: Scenario, knowledge: Knowledge, otherDay: readonly ScenarioRecord[]): Score {
  const ids = new SmallIds();
  const topology = topologyOf(scenario, knowledge, otherDay, ids);
  const counts = { right: 0, inferred: 0, truly: 0 };
  for (const records of tracesOf(scenario.records)) {
    const recordOf = new Map(records.map((record, at) => [toEvent(record, at, ids), record]));
    const { hops } = stitch([...recordOf.keys()], topology, { episodeGapMs: EPISODE_GAP_MS });
    for (const { effect, cause } of hops) {
      const truth = recordOf.get(effect)?.causeBody ?? null;
      const guess = cause === null ? null : (recordOf.get(cause)?.body ?? null);
      if (guess !== null) counts.inferred += 1;
      if (truth !== null) counts.truly += 1;
      if (truth !== null && guess === truth) counts.right += 1;
    }
  }
  const { right, inferred, truly } = counts;
  return { precision: right / inferred, recall: right / truly, inferred, truly };
}

function tracesOf(records: readonly ScenarioRecord[]): readonly (readonly ScenarioRecord[])[] {
  const traces = new Map<string, ScenarioRecord[]>();
  for (const record of records) {
    const trace = traces.get(record.correlationId);
    if (trace === undefined) traces.set(record.correlationId, [record]);
    else trace.push(record);
  }
  return [...traces.values()];
}

function topologyOf(
  { records, groups }: Scenario,
  knowledge: Knowledge,
  otherDay: readonly ScenarioRecord[],
  ids: SmallIds,
): Topology {
  if (knowledge === 'order alone') return EMPTY_TOPOLOGY;
  const services = [...new Set(records.map(({ service }) => service))].map((name) => ({ name, id: ids.of(name) }));
  const observed = knowledge === 'groups' ? [] : observe(otherDay, ids);
  return nextTopology(EMPTY_TOPOLOGY, deriveTopology({ groups, services, declared: () => null, observed }));
}

/** What named causes would have shown. */
function observe(records: readonly ScenarioRecord[], ids: SmallIds): readonly ObservedCause[] {
  const byBody = new Map(records.map((record) => [record.body, record]));
  return records.flatMap(({ causeBody, service, type }) => {
    const cause = causeBody === null ? undefined : byBody.get(causeBody);
    if (cause === undefined) return [];
    const { topic: causeTopic } = cause;
    return [
      {
        causeTopic,
        causeTypeId: ids.of(cause.type),
        effectServiceId: ids.of(service),
        effectTypeId: ids.of(type),
        hops: 1,
      },
    ];
  });
}

function toEvent(record: ScenarioRecord, offset: number, ids: SmallIds): StitchEvent {
  const stage = NAMES_ALONE.stageOf(record.topic);
  return {
    incarnationId: ids.of(record.topic),
    partition: 0,
    offset: BigInt(offset),
    storedDay: '2025-10-18',
    topic: record.topic,
    eventKey: record.eventId,
    causationKey: null,
    causationIsCorrelation: false,
    typeId: ids.of(record.type),
    typeText: record.type,
    serviceId: ids.of(record.service),
    occurredAt: micros(record.occurredMs * 1000),
    recordedAt: micros(record.recordedMs * 1000),
    bodyHash: BigInt(ids.of(record.body)),
    topicKind: stage.kind,
    topicBase: stage.base,
    deadLetter: false,
    span: null,
    parentSpan: null,
  };
}

/** Texts as small ids, as the store has them. */
class SmallIds {
  readonly #ids = new Map<string, number>();

  of(text: string): number {
    const id = this.#ids.get(text) ?? this.#ids.size + 1;
    this.#ids.set(text, id);
    return id;
  }
}
