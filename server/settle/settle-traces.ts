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
  return open
    .filter((trace) => trace.events.length > 0)
    .map(({ events, ...trace }) => ({
      ...trace,
      stitched: stitch(events, topology, options),
      topologyVersion: topology.version,
    }));
}
