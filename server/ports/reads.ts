import type { AsOf } from '../model/as-of.ts';
import type { AuditList } from '../model/audit-wire.ts';
import type { ConsumerGroupList } from '../model/consumer-group-wire.ts';
import type { DeadLetterFacts } from '../model/dead-letter.ts';
import type { Decoded } from '../model/decoded.ts';
import type { DialectCount, DialectList } from '../model/dialect-wire.ts';
import type { ResolvedEnvelope } from '../model/event.ts';
import type { FlowAnswer } from '../model/flow-wire.ts';
import type { LatencyAnswer, LatencyEvidence, LatencyGroup, LatencySubject } from '../model/latency-wire.ts';
import type { OwnerList } from '../model/owner-wire.ts';
import type { Reason } from '../model/reason.ts';
import type { SourceRecord } from '../model/record.ts';
import type { SearchAnswer } from '../model/search-wire.ts';
import type { StallList } from '../model/stall-wire.ts';
import type { Micros } from '../model/time.ts';
import type { TraceStatus } from '../model/trace.ts';
import type { ViolationList } from '../model/violation-wire.ts';
import type {
  ActivityWire,
  Coverage,
  CoverageSummary,
  EventDetail,
  EventList,
  Pulse,
  TraceDetail,
  TraceList,
} from '../model/wire.ts';
import type { CheckedType, OtherSchemas, RegistryNames, ViolationFilter } from './violations.ts';

/** Filters of `GET /traces`; all optional, joined by and. */
export interface TraceFilter {
  /**
   * Prefix or whole of a correlation id, in any case; or the whole of an event id, a key, a trace id, or the value of any
   * declared field.
   */
  readonly q?: string;
  readonly correlationId?: string;
  readonly eventId?: string;
  readonly key?: string;
  /** Of a tracing system: 32 or 16 hexadecimal digits. */
  readonly traceId?: string;
  /** A declared field and its whole value. */
  readonly field?: { readonly name: string; readonly value: string };
  readonly eventType?: string;
  readonly service?: string;
  readonly topic?: string;
  readonly status?: TraceStatus;
  readonly from?: Micros;
  readonly to?: Micros;
  readonly minDurationMs?: number;
  /** Traces with an event that breaks its schema, or with a dead letter. */
  readonly has?: 'violation' | 'dead_letter';
  /** `fold` (default) leaves out types that only appear alone; `only` lists just those. */
  readonly singles: 'fold' | 'only' | 'all';
  readonly includeLine: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

export interface EventFilter {
  readonly topic?: string;
  readonly type?: string;
  readonly service?: string;
  readonly from?: Micros;
  readonly to?: Micros;
  readonly has?: 'uncorrelated' | 'undecodable' | 'violation';
  readonly reason?: Reason;
  /** Events read by this dialect; `none` for those that none read. Asks for the stored clock. */
  readonly dialect?: string;
  readonly clock: 'occurred' | 'stored';
  readonly limit: number;
  readonly cursor?: string;
}

/** Which partitions a page of coverage shows. */
export interface PartitionFilter {
  readonly topic?: string;
  /** Only those with holes or damaged records. */
  readonly withHoles: boolean;
  /** 0 reads nothing. */
  readonly limit: number;
  readonly cursor?: string;
}

/** Filters of `GET /consumer-groups`. */
export interface GroupFilter {
  readonly topic?: string;
  /** Exactly this one, by its label. */
  readonly group?: string;
  readonly includePartitions: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of `GET /stalls`. */
export interface StallFilter {
  readonly limit: number;
  readonly cursor?: string;
}

/** What `GET /latency` is asked for. With a type or a service it is one row, with its distribution. */
export interface LatencyQuery {
  readonly from: Micros;
  readonly to: Micros;
  readonly subject: LatencySubject;
  readonly group: LatencyGroup;
  readonly evidence: LatencyEvidence;
  readonly eventType?: string;
  readonly causeType?: string;
  readonly service?: string;
}

/** What `GET /search` is asked for. */
export interface SearchQuery {
  /** Not empty. */
  readonly q: string;
  /** Results of each kind. */
  readonly limit: number;
}

/** What each dialect read, by its name, and by which rules. */
export interface DialectCounts {
  readonly counts: ReadonlyMap<string, DialectCount>;
  readonly rules: DialectList['rules'];
}

/** Names a trace: by an id as events write it, or by its key (UUID form). */
export type TraceName = { readonly id: string } | { readonly key: string };

/** A stored record, read anew. */
export interface RecordReading {
  readonly decoded: Decoded;
  readonly envelope: ResolvedEnvelope;
  /** Of a dead letter, mirrors apart. */
  readonly deadLetter: DeadLetterFacts | null;
  /** The registry that the value's schema is from; null without one. */
  readonly registry: string | null;
}

/** Reads stored records anew for one answer: ids and values are shown as the events wrote them. */
export interface RecordReader {
  /** By the schemas at hand. A value whose schema is not at hand stays unreadable, and its schema is missed. */
  read(record: SourceRecord, topic: string): RecordReading;
  /** Fetches what was missed. True when it is at hand now: what was read until then can be read better. */
  fetchMissing(): Promise<boolean>;
}

export type OpenReader = () => RecordReader;

/** A cursor that this list did not write. */
export class BadCursorError extends Error {
  readonly code = 'bad_cursor';
}

/** What the web process reads. Every answer says as of when, and what it covers. */
export interface Reads {
  traces(filter: TraceFilter): Promise<TraceList>;
  trace(
    name: TraceName,
    options: { includePayload: boolean; limit: number; cursor?: string },
  ): Promise<TraceDetail | null>;
  /** Correlation ids that begin like `id`, nearest first, at most ten: for a look-up that found nothing. */
  nearestIds(id: string): Promise<readonly string[]>;
  events(filter: EventFilter): Promise<EventList>;
  event(recordId: string): Promise<EventDetail | null>;
  /** The sums and the through line: as cheap with thousands of partitions as with one. */
  coverage(range: { from: Micros; to: Micros }): Promise<CoverageSummary>;
  partitions(filter: PartitionFilter): Promise<Pick<Coverage, 'partitions' | 'next_cursor'>>;
  dialects(range: { from: Micros; to: Micros }): Promise<DialectCounts>;
  consumerGroups(filter: GroupFilter): Promise<ConsumerGroupList>;
  /** What is declared of owners and systems, and what was seen and is nobody's. */
  owners(): Promise<OwnerList>;
  /** Where traces stopped, and who should have acted. */
  stalls(filter: StallFilter): Promise<StallList>;
  /** What a text may mean: ids, whole or by their begin, and names, by any part. */
  search(query: SearchQuery): Promise<SearchAnswer>;
  pulse(): Promise<Pulse>;
  /** What every answer says of itself, for answers that are put together outside. */
  asOf(): Promise<AsOf>;
  activity(range: { from: Micros; to: Micros }): Promise<ActivityWire>;
  /** The map of services and topics, from aggregates alone: as cheap for a day as for an hour. */
  flow(range: { from: Micros; to: Micros }): Promise<FlowAnswer>;
  latency(query: LatencyQuery): Promise<LatencyAnswer>;
  /** What events break of their schemas, in groups and one by one. */
  violations(filter: ViolationFilter): Promise<ViolationList>;
  /** A page of the log's events alone, the newest first. */
  violationEvents(filter: Omit<ViolationFilter, 'state'>): Promise<Pick<ViolationList, 'violations' | 'next_cursor'>>;
  /** How many events of each type on each topic fit their schemas; those seen most first. */
  checkedTypes(range: { from: Micros; to: Micros }): Promise<readonly CheckedType[]>;
  /** The schemas of registries that events named. */
  registrySchemas(): Promise<RegistryNames>;
  otherSchemas(): Promise<OtherSchemas>;
  /** The newest recounts of what is stored. */
  audits(): Promise<AuditList>;
}
