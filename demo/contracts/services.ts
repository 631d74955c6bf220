/** The services of the ecosystem as their events name them. */
export const SERVICES = {
  omniclaude: 'omniclaude',
  archonBridge: 'archon-bridge',
  archonIntelligence: 'archon-intelligence',
  omninodeBridge: 'omninode-bridge',
} as const;

/** The consumer group of one purpose of a service, in the ecosystem's form `{env}.{service}.{node}.{purpose}.{version}`. */
export function groupOf(service: string, node: string): string {
  return `demo.${service}.${node}.consume.v1`;
}
