import type { Message } from 'kafkajs';

const HEADER_NAMES = [
  'correlation_id',
  'causation_id',
  'event_id',
  'event_type',
  'event_version',
  'source_service',
  'schema_ref',
  'content_type',
  'traceparent',
  'tenant',
  'priority',
  'retry_count',
  'published_at',
  'envelope_version',
] as const;

/**
 * An event as OmniNode services write them, 400–900 B, the same one for the same number; with 14 headers or with none.
 */
export function makeRecord(index: number, withHeaders: boolean): Message {
  const id = index.toString(16).padStart(12, '0');
  const correlationId = `7b0e6c1e-4d0b-4c55-9d1e-${Math.floor(index / 8)
    .toString(16)
    .padStart(12, '0')}`;
  const value = JSON.stringify({
    event_id: `0a9f1c52-8e47-4f6b-8c3d-${id}`,
    event_type: 'omninode.node.introspection.completed.v1',
    correlation_id: correlationId,
    causation_id: `0a9f1c52-8e47-4f6b-8c3d-${Math.max(0, index - 1)
      .toString(16)
      .padStart(12, '0')}`,
    source: 'node-registry-effect',
    timestamp: new Date(1_760_000_000_000 + index).toISOString(),
    payload: {
      node_id: `node-${index % 97}`,
      capabilities: ['publish', 'subscribe'],
      note: 'x'.repeat((index * 37) % 500),
    },
  });
  const headers = Object.fromEntries(
    HEADER_NAMES.map((name) => [name, name.endsWith('_id') ? correlationId : 'v1.0.0']),
  );
  return { key: correlationId, value, ...(withHeaders && { headers }) };
}
