import { measureTrace } from '../measure/measure-trace.ts';
import { newestEpisode } from '../measure/newest-episode.ts';
import { remembered } from '../model/remembered.ts';
import { readTopicName } from '../model/topic-name.ts';
import type { Topology } from '../model/trace.ts';
import type { OpenTrace, SettledTrace } from '../ports/settle-store.ts';
import { type StitchOptions, stitch } from '../stitch/stitch.ts';

/**
 * Stitches the traces of one settle. A trace whose events have all been dropped by retention since its mark was written
 * has nothing left to say and is left out.
 */
export function settleTraces(
  open: readonly OpenTrace[],
  topology: Topology,
  options: StitchOptions,
): readonly SettledTrace[] {
  const familyOf = remembered((topic: string) => readTopicName(topic).family);
  return open
    .filter((trace) => trace.events.length > 0)
    .map(({ events, frozen, ...trace }) => {
      const stitched = stitch(events, topology, frozen === undefined ? options : { ...options, frozen: frozen.hops });
      return {
        ...trace,
        stitched,
        measured: measureTrace(stitched, familyOf, frozen),
        topologyVersion: topology.version,
        newestEpisode: newestEpisode(stitched.episodes.at(-1)?.events ?? []),
      };
    });
}
