import type { Message } from 'kafkajs';

/** Which events a bench makes. */
export interface EventsOptions {
  readonly headers: boolean;
}

const EVENTS_PER_TRACE = 8;
/** Traces that run at the same time: their events alternate. */
const TRACES_AT_ONCE = 8;
/** Nodes that take part, each with an id of its own. */
const NODES = 60;

const HEADER_NAMES = [
  'content_type',
  'correlation_id',
  'message_id',
  'timestamp',
  'source',
  'event_type',
  'schema_version',
  'priority',
  'retry_count',
  'max_retries',
  'trace_id',
  'span_id',
  'parent_span_id',
  'partition_key',
] as const;

/** Types and services of a trace, in order. */
export const STEPS = [
  ['CODEGEN_REQUESTED', 'omniclaude'],
  ['METADATA_STAMP_CREATED', 'omniarchon'],
  ['QUALITY_ASSESSMENT_COMPLETED', 'archon-intelligence'],
  ['PATTERN_MATCHED', 'archon-intelligence'],
  ['WORKFLOW_STEP_COMPLETED', 'omninode-bridge'],
  ['NODE_INTROSPECTED', 'node-registry-effect'],
  ['AGENT_ACTION_RECORDED', 'omniclaude'],
  ['CODEGEN_COMPLETED', 'archon-bridge'],
] as const;

const WORDS =
  'invoice reminder overdue adapter reducer orchestrator effect compute node contract validation quality stamp pattern customer order payment session agent routing decision latency retry timeout database migration schema registry consumer producer partition offset commit snapshot workflow transition aggregate review generated handler module service deployment endpoint capability heartbeat metric compliance architecture recommendation violation identifier namespace language framework project workspace context'.split(
    ' ',
  );

/**
 * The event of this number as OmniNode services write them (OnexEnvelopeV1, 400–900 B, eight to a trace, each naming its
 * cause), with 14 headers or with none. The same number gives the same event. Ids are random and texts vary as in real
 * events, so that what a store makes of them by compression is not flattered.
 */
export function makeEvent(index: number, { headers }: EventsOptions): Message & { readonly trace: number } {
  const group = Math.floor(index / (EVENTS_PER_TRACE * TRACES_AT_ONCE));
  const place = index % (EVENTS_PER_TRACE * TRACES_AT_ONCE);
  const trace = group * TRACES_AT_ONCE + (place % TRACES_AT_ONCE);
  const step = Math.floor(place / TRACES_AT_ONCE);
  const random = randomOf(index + 1);
  const correlationId = uuid(randomOf(trace * 2_654_435_761 + 17));
  const [eventType, service] = STEPS[step] ?? STEPS[0];
  const event = {
    envelope_version: { major: 1, minor: 0, patch: 0 },
    correlation_id: correlationId,
    event_id: eventId(index),
    event_type: eventType,
    timestamp: new Date(1_760_000_000_000 + group * 400 + step * 37 + (random() % 20)).toISOString(),
    source_service: service,
    causation_id: step === 0 ? null : eventId(index - TRACES_AT_ONCE),
    payload: {
      node_id: uuid(randomOf(random() % NODES)),
      quality_score: (random() % 10_000) / 10_000,
      processing_time_ms: random() % 5_000,
      file_hash: hex(random) + hex(random) + hex(random) + hex(random),
      summary: SENTENCES[random() % SENTENCES.length],
    },
  };
  return {
    key: correlationId,
    value: JSON.stringify(event),
    trace,
    ...(headers && { headers: headersOf(event, random) }),
  };
}

type Random = () => number;

/** Numbers of 32 bits, the same row for the same seed (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

function eventId(index: number): string {
  return uuid(randomOf(index * 2_246_822_519 + 3));
}

function hex(random: Random): string {
  const value = random();
  const byte = (shift: number) => BYTES[(value >>> shift) & 0xff] ?? '';
  return byte(24) + byte(16) + byte(8) + byte(0);
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function uuid(random: Random): string {
  const [a, b, c, d] = [hex(random), hex(random), hex(random), hex(random)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** Enough that within the reach of a compressor hardly one comes twice. */
const SENTENCES = Array.from({ length: 5_000 }, (_, index) => {
  const random = randomOf(index * 7_919 + 5);
  return Array.from({ length: 2 + (random() % 40) }, () => WORDS[random() % WORDS.length]).join(' ');
});

function headersOf(event: { correlation_id: string; event_id: string; event_type: string }, random: Random) {
  const values: Record<(typeof HEADER_NAMES)[number], string> = {
    content_type: 'application/json',
    correlation_id: event.correlation_id,
    message_id: event.event_id,
    timestamp: new Date(1_760_000_000_000 + (random() % 1_000_000)).toISOString(),
    source: 'local',
    event_type: event.event_type,
    schema_version: '1.0.0',
    priority: 'normal',
    retry_count: '0',
    max_retries: '3',
    trace_id: hex(random) + hex(random) + hex(random) + hex(random),
    span_id: hex(random) + hex(random),
    parent_span_id: hex(random) + hex(random),
    partition_key: event.correlation_id,
  };
  return values;
}
