import { DEAD_LETTER_BODIES, type DeadLetterBody, INSIDE_CORRELATION } from '../../model/dead-letter-bodies.ts';
import type { DialectSpec } from '../../model/dialect.ts';
import { beforeGeneral, inOrder } from './general-rules.ts';

type Rules = DialectSpec['rules'];

/** Where an event that stands inside a dead letter keeps what. */
const OWN_FIELDS = {
  eventId: ['/event_id', '/envelope_id', '/eventId', '/id'],
  eventType: [
    '/event_type',
    '/eventType',
    '/payload_type',
    '/metadata/event_type',
    '/operation',
    '/topic as topic-type',
  ],
  correlationId: INSIDE_CORRELATION,
  causationId: [
    '/causation_id',
    '/causationId',
    '/causality_id',
    '/metadata/causation_id',
    '/metadata/tags/causation_id',
    '/payload/causation_id',
  ],
  service: [
    '/source_service',
    '/service',
    '/source/service',
    '/source',
    '/source_tool',
    '/source_node',
    '/metadata/service',
    '/runtime_id',
  ],
  traceId: ['/trace_id', '/metadata/trace_id'],
  spanId: ['/span_id', '/metadata/span_id'],
  tenant: ['/tenant_id', '/metadata/tenant_id'],
} as const satisfies Rules;

/** The fields of the event inside, which stands there as an object or as a JSON text. */
function inside(place: string): Rules {
  const rules = (paths: readonly string[]) => [
    ...paths.map((path) => `body ${place}${path}`),
    ...paths.map((path) => `body ${place} > ${path}`),
  ];
  return Object.fromEntries(Object.entries(OWN_FIELDS).map(([field, paths]) => [field, rules(paths)]));
}

/** When it failed; the time of the event inside is that of its own record. */
const FAILED_AT = [
  'body /error_timestamp',
  'body /failure_timestamp',
  'body /failed_at',
  'body /quarantined_at',
] as const;

/** What the original topic's name says of the event, when the event itself says nothing. */
const ORIGINAL_TOPIC: Rules = {
  eventType: ['body /original_topic as topic-type'],
  service: ['body /service', 'body /original_topic as topic-service'],
  occurredAt: FAILED_AT,
};

function deadLetter(...own: readonly Rules[]): Rules {
  return beforeGeneral(inOrder(...own, ORIGINAL_TOPIC));
}

/** Its header's id is that of the quarantine. */
function bodyOnly(rules: Rules): Rules {
  return { ...rules, correlationId: (rules.correlationId ?? []).filter((rule) => !rule.startsWith('header ')) };
}

/** The conditions of a body as a dialect writes them. */
function when({ has }: DeadLetterBody): DialectSpec['when'] {
  return has.map((pointers) =>
    pointers.length === 1 ? `body has ${pointers[0]}` : `body has one of ${pointers.join(' ')}`,
  );
}

/** Dead letters whose own event is inside; the ids around it are those of the consumer that failed. */
export const DEAD_LETTER_DIALECTS: readonly DialectSpec[] = [
  {
    name: 'dead-letter-mirror',
    title: 'A copy of a dead letter for a dashboard',
    when: ['body has /original_topic', 'topic ^([a-z]+\\.)?onex\\.evt\\.platform\\.dlq-message(\\.v[0-9]+)?$'],
    rules: beforeGeneral({}),
  },
  {
    name: 'dead-letter-quarantine',
    title: 'Second stage: a dead letter in quarantine, original_correlation_id',
    when: when(DEAD_LETTER_BODIES.quarantine),
    rules: bodyOnly(
      deadLetter({ correlationId: ['body /original_correlation_id'] }, inside(DEAD_LETTER_BODIES.quarantine.inside)),
    ),
  },
  {
    name: 'dead-letter-envelope',
    title: 'Dead letter with the envelope inside: original_envelope',
    when: when(DEAD_LETTER_BODIES.envelope),
    rules: deadLetter(inside(DEAD_LETTER_BODIES.envelope.inside)),
  },
  {
    name: 'dead-letter-enrichment',
    title: 'Dead letter with a type of its own and the event inside: original_event',
    when: when(DEAD_LETTER_BODIES.enrichment),
    rules: deadLetter({ eventType: ['body /event_type'] }, inside(DEAD_LETTER_BODIES.event.inside)),
  },
  {
    name: 'dead-letter-event',
    title: 'Dead letter with the event inside: original_event',
    when: when(DEAD_LETTER_BODIES.event),
    rules: deadLetter(inside(DEAD_LETTER_BODIES.event.inside)),
  },
  {
    name: 'dead-letter-value',
    title: 'Dead letter with the value inside as JSON text: original_value',
    when: when(DEAD_LETTER_BODIES.value),
    rules: deadLetter(inside(DEAD_LETTER_BODIES.value.inside)),
  },
  {
    name: 'dead-letter-message',
    title: 'Dead letter with the whole message inside: original_message with key, value, offset',
    when: when(DEAD_LETTER_BODIES.message),
    rules: deadLetter(inside(DEAD_LETTER_BODIES.message.inside)),
  },
  {
    name: 'dead-letter-projection',
    title: 'Dead letter of a projection: original_message as an object, the correlation id beside it',
    when: when(DEAD_LETTER_BODIES.projection),
    rules: deadLetter({ correlationId: ['body /correlation_id'] }, inside(DEAD_LETTER_BODIES.bridge.inside)),
  },
  {
    name: 'dead-letter-bridge',
    title: 'Dead letter with the event inside: original_message',
    when: when(DEAD_LETTER_BODIES.bridge),
    rules: deadLetter(inside(DEAD_LETTER_BODIES.bridge.inside)),
  },
  {
    name: 'dead-letter-flat',
    title: "Dead letter whose error stands beside the event's own fields",
    when: when(DEAD_LETTER_BODIES.flat),
    rules: beforeGeneral(
      inOrder(
        {
          eventType: ['body /event_type', 'body /payload_type'],
          eventId: ['body /event_id', 'body /envelope_id', 'body /id'],
        },
        { service: ['body /source_service', 'body /source/service', 'body /source', 'body /source_tool'] },
        ORIGINAL_TOPIC,
      ),
    ),
  },
];

const SURE = new Set(
  Object.entries(DEAD_LETTER_BODIES).flatMap(([name, { sure }]) => (sure ? [`dead-letter-${name}`] : [])),
);

/** True for a dialect that only dead letters are written in. */
export function isDeadLetterBody(dialect: string): boolean {
  return SURE.has(dialect);
}
