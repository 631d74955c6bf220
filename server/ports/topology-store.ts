import type { Topology } from '../model/trace.ts';

/** What is known of consumers and causes, to derive a topology from. */
export interface TopologyFactsRead {
  readonly groups: readonly { readonly groupId: string; readonly topics: readonly string[] }[];
  readonly services: readonly { readonly id: number; readonly name: string }[];
  readonly observed: readonly {
    readonly causeTopic: string;
    readonly causeTypeId: number;
    readonly effectServiceId: number;
    readonly effectTypeId: number;
    readonly hops: number;
  }[];
}

/** Where topologies are kept by their versions. */
export interface TopologyStore {
  /** The newest version; null before the first. */
  newest(): Promise<Topology | null>;
  facts(): Promise<TopologyFactsRead>;
  /** Keeps the next version. False when another process has kept that version before: its one holds. */
  keep(topology: Topology): Promise<boolean>;
}
