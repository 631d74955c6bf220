import type { HopEvidence } from '../model/evidence.ts';
import { type Frozen, NOTHING_FROZEN } from '../model/frozen.ts';
import { FLOW_ORDINAL, REPLY_ORDINAL, type SeriesKey, type SeriesKind } from '../model/series.ts';
import { type Hop, recordKey, type StitchEvent, type StitchedTrace } from '../model/trace.ts';

/** A hop, a flow or a reply, with the series its time belongs to. */
export interface Measured {
  readonly hop: Hop;
  readonly series: SeriesKey;
}

/**
 * All that a trace gives to the sums: its hops, further causes and roots included; of each episode of two events or more
 * the time from its first to its last; and of each reply the time since its request. An episode whose flow is sealed gives
 * no other, nor does a reply. `familyOf` answers the family of a topic.
 */
export function measureTrace(
  trace: StitchedTrace,
  familyOf: (topic: string) => string,
  frozen: Frozen = NOTHING_FROZEN,
): readonly Measured[] {
  const measured = trace.hops.map((hop) => ({ hop, series: seriesOf('hop', hop, familyOf) }));
  const inferred = new Set(trace.hops.filter((hop) => hop.evidence === 'order').map((hop) => hop.effect));
  for (const { events } of trace.episodes) {
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined || first === last) continue;
    if (frozen.flows.size > 0 && events.some((event) => frozen.flows.has(recordKey(event)))) continue;
    const hop = across(first, last, FLOW_ORDINAL, events.some((event) => inferred.has(event)) ? 'order' : 'causation');
    measured.push({ hop, series: seriesOf('flow', hop, familyOf) });
  }
  for (const { request, reply } of trace.replies) {
    if (frozen.replies.size > 0 && frozen.replies.has(recordKey(reply))) continue;
    const hop = across(request, reply, REPLY_ORDINAL, inferred.has(reply) ? 'order' : 'causation');
    measured.push({ hop, series: seriesOf('reply', hop, familyOf) });
  }
  return measured;
}

/** A time over several hops, in the form of one. */
function across(cause: StitchEvent, effect: StitchEvent, ordinal: number, evidence: HopEvidence): Hop {
  const hopUs = effect.occurredAt - cause.occurredAt;
  return { effect, cause, ordinal, evidence, hopUs, flags: hopUs < 0 ? ['clock_skew'] : [] };
}

/** A flow is known by what it begins with; what it has ended with so far may change. */
function seriesOf(kind: SeriesKind, { effect, cause, evidence }: Hop, familyOf: (topic: string) => string): SeriesKey {
  const end = kind === 'flow' ? null : effect;
  const service = kind === 'flow' ? cause : effect;
  return {
    kind,
    evidence,
    causeTypeId: cause?.typeId ?? 0,
    effectTypeId: end?.typeId ?? 0,
    effectServiceId: service?.serviceId ?? 0,
    causeFamily: cause === null ? '' : familyOf(cause.topic),
    effectFamily: end === null ? '' : familyOf(end.topic),
  };
}
