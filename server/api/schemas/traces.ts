import { z } from 'zod';
import { FIELD_NAMES } from '../../model/dialect.ts';
import { EVENT_FLAGS, type EventFlag } from '../../model/event.ts';
import { EVIDENCE, HOP_FLAGS, type HopEvidence, type HopFlag } from '../../model/evidence.ts';
import { REASONS, type Reason } from '../../model/reason.ts';
import { ID_KINDS, type IdKind } from '../../model/trace-key.ts';
import type {
  EventDetail,
  EventList,
  EventSummary,
  Station,
  TraceDetail,
  TraceEvent,
  TraceList,
  TraceSummary,
} from '../../model/wire.ts';
import { asOf, header, instant, integerText, payload, searched } from './common.ts';
import { consumption } from './consumer-groups.ts';
import { deadLetterRecord } from './dead-letters.ts';
import { hopSplit } from './hop-split.ts';
import { keysOf } from './keys-of.ts';
import type { Matches } from './matches.ts';
import { whose } from './owners.ts';
import { stall } from './stalls.ts';
import { eventSchema } from './violations.ts';

const { root: _root, ...HOP_EVIDENCE } = EVIDENCE;
const evidence = z.enum(keysOf<HopEvidence>(HOP_EVIDENCE));
const reason = z.enum(keysOf<Reason>(REASONS));
const traceKey = z.string().regex(/^[0-9a-f]{32}$/);
const recordId = z.string().meta({ description: '`{cluster}/{topic}~{n}/{partition}/{offset}`' });
const cursor = z.string().nullable();

export const station = z.object({
  event_type: z.string(),
  service: z.string().nullable(),
  at_ms: z.number(),
  evidence: evidence.nullable(),
});
true satisfies Matches<z.output<typeof station>, Station>;

export const traceSummary = z.object({
  correlation_id: z.string(),
  correlation_id_truncated: z.boolean(),
  trace_key: traceKey,
  id_kind: z.enum(keysOf<IdKind>(ID_KINDS)),
  started_at: instant,
  ended_at: instant,
  duration_ms: z.number(),
  event_count: z.int(),
  services: z.array(z.string()),
  event_types: z.array(z.string()),
  topics: z.array(z.string()),
  flow: z.string().nullable(),
  status: z.enum(['running', 'done', 'unknown', 'stalled', 'failed']),
  violation_count: z.int(),
  dead_letter_count: z.int(),
  line: z.array(station).optional(),
});
true satisfies Matches<z.output<typeof traceSummary>, TraceSummary>;

export const traceList = asOf.extend({
  traces: z.array(traceSummary),
  next_cursor: cursor,
  singles_folded: z.int(),
  searched: searched.optional(),
});
true satisfies Matches<z.output<typeof traceList>, TraceList>;

const parent = z.object({
  id: recordId,
  evidence,
  hop_ms: z.number(),
  flags: z.array(z.enum(keysOf<HopFlag>(HOP_FLAGS))),
});

export const traceEvent = z.object({
  id: recordId,
  topic: z.string(),
  partition: z.int(),
  offset: integerText,
  event_id: z.string().nullable(),
  event_type: z.string(),
  service: z.string().nullable(),
  dialect: z.string(),
  trace_id: z.string().nullable(),
  span_id: z.string().nullable(),
  parent_span_id: z.string().nullable(),
  occurred_at: instant,
  recorded_at: instant,
  timestamp_type: z.enum(['CreateTime', 'LogAppendTime']),
  stored_at: instant,
  causation_id: z.string().nullable(),
  parent: parent.nullable(),
  more_causes: z.array(z.object({ id: recordId, evidence, hop_ms: z.number() })),
  dangling_cause: z.boolean(),
  flags: z.array(z.enum(keysOf<EventFlag>(EVENT_FLAGS))),
  reason: reason.nullable(),
  key: payload.nullable(),
  headers: z.array(header),
  schema: eventSchema,
  dead_letter: z
    .object({
      reason: z.string().nullable(),
      retries: z.int().nullable(),
      original: z
        .object({ topic: z.string(), partition: z.int().nullable(), offset: z.string().nullable() })
        .nullable(),
    })
    .nullable()
    .meta({ description: 'Of a dead letter, mirrors apart: what it says of its original.' }),
  duplicates: z.array(recordId),
  payload: payload.nullable().optional(),
  payload_missing: z.enum(['expired', 'checksum', 'layout', 'lost']).nullable(),
});
true satisfies Matches<z.output<typeof traceEvent>, TraceEvent>;

export const traceDetail = asOf.extend({
  ...traceSummary.shape,
  stall: stall.nullable(),
  owner: whose.nullable(),
  status_reason: z.string().nullable(),
  producer_count: z.int(),
  events: z.array(traceEvent),
  dead_letters: z
    .array(deadLetterRecord)
    .meta({ description: 'Of its events, also those whose own id is another: at most 100, the oldest first.' }),
  next_cursor: cursor,
  expired_events: z.int(),
  settled_at: instant,
});
true satisfies Matches<z.output<typeof traceDetail>, TraceDetail>;

const resolvedField = z.object({
  field: z.enum(Object.values(FIELD_NAMES)),
  value: z.string().nullable(),
  origin: z.string().nullable(),
});

export const eventDetail = asOf.extend({
  ...traceEvent.shape,
  correlation_id: z.string().nullable(),
  trace_key: traceKey,
  payload: payload.nullable(),
  resolved: z.array(resolvedField),
  rules: z.object({ version: z.int(), current: z.boolean() }),
  consumption: z.array(consumption),
  hop_split: hopSplit.nullable(),
});
true satisfies Matches<z.output<typeof eventDetail>, EventDetail>;

export const eventSummary = z.object({
  id: recordId,
  topic: z.string(),
  partition: z.int(),
  offset: integerText,
  event_type: z.string(),
  service: z.string().nullable(),
  occurred_at: instant,
  stored_at: instant,
  reason: reason.nullable(),
  trace_key: traceKey,
});
true satisfies Matches<z.output<typeof eventSummary>, EventSummary>;

export const eventList = asOf.extend({ events: z.array(eventSummary), next_cursor: cursor });
true satisfies Matches<z.output<typeof eventList>, EventList>;
