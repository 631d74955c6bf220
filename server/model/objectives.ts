import type { LatencySubject } from './latency-wire.ts';
import { parseNamePattern } from './name-pattern.ts';

/** What the p95 of some event types should stay under. */
export interface Objective {
  /** A name or pattern (`parseNamePattern`). */
  readonly eventType: string;
  readonly p95Ms: number;
}

/** What the operator declares, by what is measured. The first that matches counts. */
export interface ObjectiveRules {
  /** By the type of the effect. */
  readonly hops: readonly Objective[];
  /** By the type a flow begins with. */
  readonly flows: readonly Objective[];
  /** By the type of the request. */
  readonly replies: readonly Objective[];
}

/** Nothing declared: hops have their default, the others no objective. */
export const NO_OBJECTIVES: ObjectiveRules = { hops: [], flows: [], replies: [] };

/** The list that says something of a kind of time. */
export const OBJECTIVE_LIST: Readonly<Record<LatencySubject, keyof ObjectiveRules>> = {
  hop: 'hops',
  flow: 'flows',
  reply: 'replies',
};

/** What a hop should stay under where nobody says otherwise: the objective of the integration report. */
export const HOP_OBJECTIVE_MS = 100;

export interface Objectives {
  /** Of hops to an event type; of hops to no one type, the default. */
  hopMs(eventType: string | null): number;
  /** Null where nobody declared one. */
  msOf(subject: LatencySubject, eventType: string | null): number | null;
}

/** Rules whose patterns were checked before; one that is none matches nothing. */
export function createObjectives({ hops, flows, replies }: ObjectiveRules): Objectives {
  const declared = { hop: firstOf(hops), flow: firstOf(flows), reply: firstOf(replies) };
  const hopMs = (eventType: string | null) => (eventType === null ? null : declared.hop(eventType)) ?? HOP_OBJECTIVE_MS;
  return {
    hopMs,
    msOf(subject, eventType) {
      if (subject === 'hop') return hopMs(eventType);
      return eventType === null ? null : declared[subject](eventType);
    },
  };
}

/** Most event types whose objective is remembered: then all are forgotten. They are asked for anew with every answer. */
const MOST_KNOWN = 10_000;

function firstOf(objectives: readonly Objective[]): (eventType: string) => number | null {
  if (objectives.length === 0) return () => null;
  const read = objectives.flatMap(({ eventType, p95Ms }) => {
    const pattern = parseNamePattern(eventType);
    return pattern.ok ? [{ means: pattern.value, p95Ms }] : [];
  });
  const known = new Map<string, number | null>();
  return (eventType) => {
    let ms = known.get(eventType);
    if (ms === undefined) {
      if (known.size >= MOST_KNOWN) known.clear();
      ms = read.find(({ means }) => means(eventType))?.p95Ms ?? null;
      known.set(eventType, ms);
    }
    return ms;
  };
}
