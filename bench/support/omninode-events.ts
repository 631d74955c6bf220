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

type Step = readonly [eventType: string, service: string, payload: (random: Random) => object];

const REQUESTED: Step = [
  'CODEGEN_REQUESTED',
  'omniclaude',
  (random) => ({ prd_content: sentence(random), min_confidence: share(random) }),
];

/** What each event of a trace is, who sends it, and its payload as its schema asks for it. */
const STEPS: readonly Step[] = [
  REQUESTED,
  [
    'METADATA_STAMP_CREATED',
    'omniarchon',
    (random) => ({
      file_hash: hashText(random) + hashText(random),
      namespace: 'omninode',
      stamped_content: sentence(random),
      stamp_metadata: {
        quality_score: share(random),
        onex_compliance_score: share(random),
        patterns_detected: [word(random)],
        categories: [word(random), word(random)],
      },
    }),
  ],
  [
    'CODE_ASSESSMENT_REQUESTED',
    'archon-bridge',
    (random) => ({
      content: sentence(random),
      source_path: `nodes/${word(random)}/${word(random)}.py`,
      language: 'python',
    }),
  ],
  [
    'CODE_ASSESSMENT_COMPLETED',
    'archon-intelligence',
    (random) => ({
      source_path: `nodes/${word(random)}/${word(random)}.py`,
      ...{
        quality_score: share(random),
        architectural_compliance: share(random),
        maintainability_score: share(random),
      },
      ...{ patterns_count: random() % 20, issues_count: random() % 9, recommendations_count: random() % 6 },
      ...{ processing_time_ms: random() % 5_000, cache_hit: random() % 2 === 0 },
      summary: sentence(random),
    }),
  ],
  [
    'CodegenPatternResponse',
    'archon-intelligence',
    (random) => ({
      similar_nodes: [{ node_id: node(random), text: sentence(random) }],
      ...{ count: 1, avg_similarity: share(random) },
    }),
  ],
  [
    'step-completed',
    'omninode-bridge',
    (random) => ({
      workflow_step_data: {
        ...{ workflow_id: node(random), step_name: sentence(random), step_status: 'completed' },
        execution_time_ms: random() % 5_000,
      },
    }),
  ],
  [
    'NODE_INTROSPECTION',
    'node-registry-effect',
    (random) => ({
      ...{ node_id: node(random), node_type: 'EFFECT', node_version: '1.0.0' },
      ...{ capabilities: { text: sentence(random) }, endpoints: { health: `http://${word(random)}:8080/health` } },
    }),
  ],
  [
    'CODEGEN_COMPLETED',
    'archon-bridge',
    (random) => ({
      ...{ quality_score: share(random), onex_compliance_score: share(random), is_valid: true },
      ...{
        violations: [],
        warnings: [],
        suggestions: [sentence(random)],
        architectural_era: 'modern_onex',
        details: {},
      },
    }),
  ],
];

const WORDS =
  'invoice reminder overdue adapter reducer orchestrator effect compute node contract validation quality stamp pattern customer order payment session agent routing decision latency retry timeout database migration schema registry consumer producer partition offset commit snapshot workflow transition aggregate review generated handler module service deployment endpoint capability heartbeat metric compliance architecture recommendation violation identifier namespace language framework project workspace context'.split(
    ' ',
  );

/**
 * The event of this number as OmniNode services write them (OnexEnvelopeV1, 400–900 B, eight to a trace, each naming its
 * cause), with 14 headers or with none. Each has a schema among the shipped ones, and keeps it. The same number gives the same
 * event. Ids are random and texts vary as in real events, so that what a store makes of them by compression is not flattered.
 */
export function makeEvent(index: number, { headers }: EventsOptions): Message & { readonly trace: number } {
  const group = Math.floor(index / (EVENTS_PER_TRACE * TRACES_AT_ONCE));
  const place = index % (EVENTS_PER_TRACE * TRACES_AT_ONCE);
  const trace = group * TRACES_AT_ONCE + (place % TRACES_AT_ONCE);
  const step = Math.floor(place / TRACES_AT_ONCE);
  const random = randomOf(index + 1);
  const correlationId = uuid(randomOf(trace * 2_654_435_761 + 17));
  const [eventType, service, payloadOf] = STEPS[step] ?? REQUESTED;
  const event = {
    envelope_version: { major: 1, minor: 0, patch: 0 },
    correlation_id: correlationId,
    event_id: eventId(index),
    event_type: eventType,
    timestamp: new Date(1_760_000_000_000 + group * 400 + step * 37 + (random() % 20)).toISOString(),
    source_service: service,
    causation_id: step === 0 ? null : eventId(index - TRACES_AT_ONCE),
    payload: payloadOf(random),
  };
  return {
    key: correlationId,
    value: JSON.stringify(event),
    trace,
    ...(headers && { headers: headersOf(event, random) }),
  };
}

type Random = () => number;

const share = (random: Random) => (random() % 10_000) / 10_000;
const node = (random: Random) => uuid(randomOf(random() % NODES));
const hashText = (random: Random) => hex(random) + hex(random) + hex(random) + hex(random);
const word = (random: Random) => WORDS[random() % WORDS.length] ?? '';
const sentence = (random: Random) => SENTENCES[random() % SENTENCES.length] ?? '';

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
