import type { DeadLetterDetail } from '../../server/model/dead-letter-detail-wire.ts';
import type {
  DeadLetterGroupWire,
  DeadLetterQueueWire,
  DeadLetterRecordWire,
  FailureWithoutDeadLetter,
} from '../../server/model/dead-letter-wire.ts';
import type { Payload } from '../../server/model/wire.ts';

const CLUSTER = 'sample-cluster';
const DAY_S = 86_400;
const OWNER = { team: 'archon', contact: '#archon', run_book: null };

const at = (nowMs: number, secondsAgo: number) => new Date(nowMs - secondsAgo * 1000).toISOString();
const bars = (...places: readonly number[]) =>
  Array.from({ length: 60 }, (_, i) => places.filter((p) => p === i).length);

/** Queues of a cluster that has trouble: one that grows, one whose oldest expires soon, one with a triage group, and others. */
export function sampleQueues(nowMs: number): readonly DeadLetterQueueWire[] {
  const base: DeadLetterQueueWire = {
    ...{
      cluster: CLUSTER,
      topic: 'dev.archon-intelligence.enrich-document-dlq.v1',
      n: 1,
      kind: 'dead letter',
      by: 'name',
    },
    why: 'its name has the segment enrich-document-dlq',
    whose: { service: 'archon-intelligence', system: 'omniarchon', owner: OWNER },
    ...{ looked_at: at(nowMs, 1), depth: '23', held: '23', stored: '23', difference: null, arrivals_per_min: 0.4 },
    trend: bars(24, 24, 33, 34, 37, 45, 48, 54, 54, 57),
    ...{ oldest_at: at(nowMs, 2_516), oldest_age_s: 2_516, expires_in_s: 29.97 * DAY_S, expires_why: null },
    ...{ retention_ms: 30 * DAY_S * 1000, cleanup_policy: 'delete', main_reason: 'Qdrant timeout after # ms' },
    ...{ last_at: at(nowMs, 27), triage_groups: [], mark: null },
  };
  return [
    {
      ...base,
      ...{
        topic: 'dev.omniarchon.quality.assess-code-requested.v1.dlq',
        depth: '3',
        held: '3',
        stored: '3',
        trend: bars(),
      },
      ...{ arrivals_per_min: 0, oldest_at: at(nowMs, 530_000), oldest_age_s: 530_000, expires_in_s: 74_460 },
      ...{ retention_ms: 7 * DAY_S * 1000, main_reason: 'JSONDecodeError: Expecting value: line # column #' },
    },
    base,
    {
      ...base,
      ...{ topic: 'onex.dlq.omnibase-infra.events.v1', depth: '2', held: '41', stored: '2', trend: bars(27, 33) },
      ...{ arrivals_per_min: 0.03, oldest_age_s: 8_280, expires_in_s: 6.9 * DAY_S, main_reason: 'consumer_error' },
      triage_groups: [{ group: 'infra.triage.v1', committed: true }],
      mark: { state: 'acknowledged', since: at(nowMs, 900), note: 'looked at' },
    },
    {
      ...base,
      ...{
        topic: 'agent-observability-dlq',
        depth: '1',
        held: '1',
        stored: '2',
        arrivals_per_min: 0.02,
        trend: bars(10, 41),
      },
      difference: 'a compacted topic keeps the last record of each key, and we keep all',
      ...{ oldest_age_s: 3_127, expires_in_s: null, expires_why: 'compacted, never deleted by time' },
      ...{ retention_ms: null, cleanup_policy: 'compact', main_reason: 'IntegrityError' },
    },
    {
      ...base,
      ...{ topic: 'onex.dlq.omnibase-infra.quarantine.v1', kind: 'quarantine', depth: '12', trend: bars() },
      ...{ arrivals_per_min: 0, oldest_age_s: null, expires_in_s: 80 * DAY_S, main_reason: null },
    },
    {
      ...base,
      ...{
        topic: 'onex.evt.platform.dlq-message.v1',
        kind: 'mirror',
        depth: null,
        trend: bars(24, 33),
        main_reason: null,
      },
      ...{ arrivals_per_min: 0.4, oldest_age_s: null, expires_in_s: null, expires_why: null },
    },
  ];
}

export function sampleFailures(nowMs: number): readonly FailureWithoutDeadLetter[] {
  return [
    {
      ...{ kind: 'no reply', event_type: 'CODEGEN_REQUESTED', missing_type: 'CODEGEN_COMPLETED', count: 14 },
      whose: { service: 'archon-bridge', system: 'omniarchon', owner: OWNER },
      exemplars: [{ correlation_id: '6afc73d3-0000', trace_key: '1'.repeat(32), at: at(nowMs, 60) }],
    },
    {
      ...{ kind: 'error event', event_type: 'CODE_ANALYSIS_FAILED', missing_type: null, count: 3 },
      whose: { service: null, system: null, owner: null },
      exemplars: [],
    },
  ];
}

export function sampleGroups(nowMs: number): readonly DeadLetterGroupWire[] {
  const base: DeadLetterGroupWire = {
    ...{ key: 'a'.repeat(32), value: 'Qdrant timeout after # ms', count: 19, first_seen: at(nowMs, 2_516) },
    ...{ last_seen: at(nowMs, 27), trend: [], newest_reason: 'Qdrant timeout after 300 ms' },
    ...{ error_classes: ['EXTERNAL_SERVICE_ERROR'], original_topics: [], services: [], event_types: [], mark: null },
  };
  return [
    base,
    { ...base, key: 'b'.repeat(32), value: 'Path outside workspace', count: 3, error_classes: ['INVALID_INPUT'] },
    { ...base, key: 'c'.repeat(32), value: null, count: 1, error_classes: [] },
  ];
}

export function sampleLetters(nowMs: number, topic: string): readonly DeadLetterRecordWire[] {
  return Array.from({ length: 9 }, (_, i) => ({
    ...{ id: `${CLUSTER}/${topic}~1/0/${12 - i}`, topic, partition: 0, offset: `${12 - i}` },
    ...{ recorded_at: at(nowMs, 27 + i * 83), stored_at: at(nowMs, 27 + i * 83), failed_at: null },
    ...{ family: 'enrichment', reason: 'vector upsert timed out after 300 ms (collection omninode_docs)' },
    ...{ fingerprint: 'vector upsert timed out after # ms', reason_key: 'a'.repeat(32), mark: null },
    ...{ error_class: 'EXTERNAL_SERVICE_ERROR', retry_count: 3, consumer_group: 'archon-intelligence.enrich.v1' },
    ...{ event_type: 'enrichment_request', service: 'archon-intelligence', original_state: 'stored' },
    original: {
      topic: 'dev.archon-intelligence.enrich-document.v1',
      partition: i % 4,
      offset: `${902 - i * 7}`,
      timestamp: null,
    },
    ...{ original_id: `${CLUSTER}/orders~1/0/1`, correlation_id: `${359 + i}b22eb-f374-55f6-8300-27deba80f794` },
    ...{ correlation_origin: 'by coordinates', trace_key: `${i}`.repeat(32), problems: [] },
  }));
}

export function sampleLetter(nowMs: number, id: string): Omit<DeadLetterDetail, 'as_of' | 'coverage'> | null {
  const [record] = sampleLetters(nowMs, 'dev.archon-intelligence.enrich-document-dlq.v1');
  if (record === undefined) return null;
  const inside = payload({
    event_type: 'enrichment_request',
    document_id: 'doc_7714',
    attempts: 3,
    file_path: 'src/node.py',
  });
  const header = { name: 'retry_count', value: { encoding: 'text', text: '3', bytes: 1, truncated: false } } as const;
  const compared = { key: null, headers: [header], payload_missing: null };
  return {
    record: { ...record, id },
    own: { ...compared, id, payload: payload({ error: 'timed out', original_event: { document_id: 'doc_7714' } }) },
    ...{ inside_at: '/original_event', inside },
    original: { ...compared, id: record.original_id ?? '', payload: inside },
    comparison: {
      ...{ result: 'changed', why: null, by: 'archon-intelligence', more_differences: false },
      differences: [{ path: '/attempts', what: 'added', was: null, is: '3' }],
    },
    siblings: [record],
  };
}

function payload(value: object): Payload {
  const text = JSON.stringify(value);
  return { encoding: 'json', text, bytes: text.length, truncated: false };
}
