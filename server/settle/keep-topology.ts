import { declaredServices, type GroupRule } from '../model/group-service.ts';
import { EMPTY_TOPOLOGY, type Topology } from '../model/trace.ts';
import type { TopologyStore } from '../ports/topology-store.ts';
import { deriveTopology, nextTopology } from '../stitch/derive-topology.ts';

/** The topology in force, kept up to date with what is known. */
export interface KeptTopology {
  readonly current: () => Topology;
  /** Takes over what others have kept, derives it anew, and keeps the next version where something has changed. */
  refresh(): Promise<void>;
}

/**
 * Until the first refresh nothing is known, and order alone says what follows from what. `groups` says whose groups are
 * before their names do.
 */
export function keepTopology(store: TopologyStore, groups: readonly GroupRule[]): KeptTopology {
  const declared = declaredServices(groups);
  let current = EMPTY_TOPOLOGY;
  return {
    current: () => current,
    async refresh() {
      current = (await store.newest()) ?? current;
      const derived = deriveTopology({ ...(await store.facts()), declared });
      const next = nextTopology(current, derived);
      if (next === current) return;
      current = (await store.keep(next)) ? next : ((await store.newest()) ?? current);
    },
  };
}
