import type { JsonObject } from '../contracts/json.ts';
import { SERVICES } from '../contracts/services.ts';
import { TOPICS } from '../contracts/topics.ts';
import { between, type Chance, uuid } from './chance.ts';
import { type PlannedEvent, plan, type Surroundings } from './planned-event.ts';

/** A node of omninode-bridge that introduces itself and then says that it lives. */
export interface BridgeNode {
  readonly id: string;
  readonly kind: 'EFFECT' | 'REDUCER' | 'ORCHESTRATOR';
  readonly host: string;
  readonly capabilities: JsonObject;
}

export const BRIDGE_NODES: readonly BridgeNode[] = [
  {
    id: '86e61a6d-2d1c-531d-a33e-e969e7ddaccc',
    kind: 'EFFECT',
    host: 'node-database-adapter:8102',
    capabilities: { postgres: true, read: true, write: true },
  },
  {
    id: '4f0c7a52-9b0d-5c8e-8a6f-2f1d3c7b9e10',
    kind: 'REDUCER',
    host: 'node-state-aggregator:8103',
    capabilities: { aggregate: true, read: true },
  },
  {
    id: 'c3a9d1e7-6e2b-5d44-9f70-8b5a1c2d3e4f',
    kind: 'ORCHESTRATOR',
    host: 'node-workflow-orchestrator:8104',
    capabilities: { workflows: true, retry: true },
  },
];

/** A node introduces itself. Keyed by the node; the correlation id is its own and belongs to no conversation. */
export function introduce(node: BridgeNode, around: Surroundings): PlannedEvent {
  const payload = {
    ...identity(node),
    capabilities: node.capabilities,
    endpoints: { health: `http://${node.host}/health` },
    current_state: 'ready',
    reason: 'startup',
  };
  return nodeEvent(node, TOPICS.introspections, 'NODE_INTROSPECTION', payload, around);
}

/** A node says that it lives, `uptimeMs` after it started. */
export function beat(node: BridgeNode, uptimeMs: number, around: Surroundings): PlannedEvent {
  const { chance } = around;
  const payload = {
    ...identity(node),
    uptime_seconds: Math.round(uptimeMs / 100) / 10,
    active_operations_count: Math.floor(between(chance, 0, 6)),
    memory_usage_mb: Math.round(between(chance, 2_200, 3_400)) / 10,
    cpu_usage_percent: Math.round(between(chance, 20, 380)) / 10,
  };
  return nodeEvent(node, TOPICS.heartbeats, 'NODE_HEARTBEAT', payload, around);
}

/** Milliseconds until a node's next heartbeat: 5 to 30 s. */
export function untilNextBeatMs(chance: Chance): number {
  return Math.round(between(chance, 5_000, 30_000));
}

function identity(node: BridgeNode): JsonObject {
  return { node_id: node.id, node_type: node.kind, node_version: '1.0.0' };
}

function nodeEvent(node: BridgeNode, topic: string, type: string, payload: JsonObject, around: Surroundings) {
  const facts = { correlationId: uuid(around.chance), type, service: SERVICES.omninodeBridge, payload };
  return { ...plan(topic, facts, 0, around), key: node.id };
}
