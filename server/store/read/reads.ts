import type { Pool } from 'pg';
import { createQueueNames, type DeadLetterRules, NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import type { DeclaredFlow } from '../../model/flow.ts';
import { declaredServices, type GroupRule } from '../../model/group-service.ts';
import { createObjectives, NO_OBJECTIVES, type ObjectiveRules } from '../../model/objectives.ts';
import { createOwnership, type OwnershipRules } from '../../model/ownership.ts';
import type { SearchField } from '../../model/search-field.ts';
import { millisToMicros } from '../../model/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OpenReader, Reads, RecordReader } from '../../ports/reads.ts';
import { withClient } from '../transaction.ts';
import { readActivity } from './activity.ts';
import { readAudits } from './audits.ts';
import { readConsumerGroups } from './consumer-groups.ts';
import { readCoverage } from './coverage.ts';
import { readDialects } from './dialects.ts';
import { readEventDetail } from './event-detail.ts';
import { readEventList } from './event-list.ts';
import { readFlow, type StillSeries } from './flow.ts';
import { readLatency } from './latency.ts';
import type { StillGroups } from './latency-groups.ts';
import { readNearestIds } from './nearest-ids.ts';
import { readOtherSchemas } from './other-schemas.ts';
import { readOwners } from './owners.ts';
import { readPartitions } from './partition-coverage.ts';
import { type PulseReading, sharePulse, toAsOf } from './pulse.ts';
import { readRegistrySchemas } from './registry-schemas.ts';
import { readSearch } from './search.ts';
import { shareForASecond } from './share.ts';
import { readStalls } from './stalls.ts';
import { SumReader } from './sums/read-sums.ts';
import { StillSums } from './sums/still-sums.ts';
import { readTotals } from './totals.ts';
import { readTraceDetail } from './trace-detail.ts';
import { readTraceList } from './trace-list.ts';
import { readCheckedTypes, readViolationEvents, readViolations } from './violations.ts';

export interface ReadsOptions {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly declaredFlows: readonly DeclaredFlow[];
  /** Whose consumer groups are; without it their names alone say it. */
  readonly groups?: readonly GroupRule[];
  /** Whom services and topics belong to; nobody owns anything without it. */
  readonly ownership?: OwnershipRules;
  /** What times should stay under; only hops have any without it. */
  readonly objectives?: ObjectiveRules;
  /** Which topics are queues; names alone say it without it. */
  readonly deadLetters?: DeadLetterRules;
  readonly fields: readonly SearchField[];
  /** Pause that ends an episode, in milliseconds. */
  readonly episodeGapMs: number;
  readonly clock: Clock;
  /** Reads raw records anew: ids and values are shown as the events wrote them. */
  readonly openReader: OpenReader;
}

/** The read side on PostgreSQL. */
export function createReads({
  pool,
  workspaceId,
  declaredFlows,
  groups = [],
  ownership: rules = { owners: [], systems: [] },
  objectives: declaredObjectives = NO_OBJECTIVES,
  deadLetters = NO_DEAD_LETTER_RULES,
  fields,
  episodeGapMs,
  clock,
  openReader,
}: ReadsOptions): Reads {
  const pulse = sharePulse(pool, workspaceId, clock);
  const totals = shareForASecond(clock, () => readTotals(pool, workspaceId));
  const sums = new SumReader(pool, workspaceId, clock);
  const stillGroups: StillGroups = new StillSums();
  const stillSeries: StillSeries = new StillSums();
  const objectives = createObjectives(declaredObjectives);
  const names = createQueueNames(deadLetters);
  const ownership = createOwnership(rules);
  const { systemOf } = ownership;
  const groupContext = { workspaceId, declared: declaredServices(groups) };
  const stallContext = { pool, ...groupContext, ownership };
  const context = () => ({
    flows: declaredFlows,
    fieldNames: fields.map(({ name }) => name),
    nowMs: clock.now(),
    episodeGapMs,
  });
  return {
    async traces(filter) {
      const [page, reading] = await Promise.all([readTraceList(pool, workspaceId, filter, context()), pulse()]);
      const searched = page.traces.length === 0 ? { searched: await searchedIn(reading) } : {};
      return {
        ...toAsOf(reading),
        traces: page.traces,
        next_cursor: page.nextCursor,
        singles_folded: page.singlesFolded,
        ...searched,
      };
    },
    async trace(name, options) {
      const reading = await pulse();
      const body = await reread(openReader(), (reader) =>
        readTraceDetail(pool, workspaceId, name, options, { ...context(), reader, stalls: stallContext }),
      );
      return body === null ? null : { ...toAsOf(reading), ...body };
    },
    async owners() {
      const [owners, reading] = await Promise.all([readOwners(pool, workspaceId, rules, ownership), pulse()]);
      return { ...toAsOf(reading), ...owners };
    },
    async stalls(filter) {
      const [stalls, reading] = await Promise.all([readStalls(stallContext, filter), pulse()]);
      return { ...toAsOf(reading), ...stalls };
    },
    async search(query) {
      const names = { workspaceId, fieldNames: fields.map(({ name }) => name), owners: rules.owners };
      const [found, reading] = await Promise.all([readSearch(pool, query, names), pulse()]);
      const searched = found.results.length === 0 ? { searched: await searchedIn(reading) } : {};
      return { ...toAsOf(reading), ...found, ...searched };
    },
    nearestIds: (id) => readNearestIds(pool, workspaceId, id),
    async events(filter) {
      const [page, reading] = await Promise.all([readEventList(pool, workspaceId, filter), pulse()]);
      return { ...toAsOf(reading), events: page.events, next_cursor: page.nextCursor };
    },
    async event(recordId) {
      const reading = await pulse();
      const body = await reread(openReader(), (reader) => readEventDetail(pool, groupContext, recordId, reader));
      return body === null ? null : { ...toAsOf(reading), ...body };
    },
    dialects: (range) => readDialects(pool, workspaceId, range),
    async consumerGroups(filter) {
      const [page, reading] = await Promise.all([readConsumerGroups(pool, workspaceId, filter), pulse()]);
      return { ...toAsOf(reading), ...page };
    },
    async coverage(range) {
      const [reading, sums] = await Promise.all([pulse(), totals()]);
      return readCoverage(pool, workspaceId, range, reading, sums);
    },
    partitions: (filter) => readPartitions(pool, workspaceId, filter),
    pulse: async () => (await pulse()).pulse,
    asOf: async () => toAsOf(await pulse()),
    activity: async (range) => readActivity(pool, workspaceId, range, await pulse()),
    async violationEvents(filter) {
      const { violations, nextCursor } = await readViolationEvents(pool, filter, workspaceId);
      return { violations, next_cursor: nextCursor };
    },
    async violations(filter) {
      const context = { workspaceId, ownership, nowUs: millisToMicros(clock.now()) };
      const [log, reading] = await Promise.all([readViolations(pool, filter, context), pulse()]);
      return { ...toAsOf(reading), ...log };
    },
    checkedTypes: (range) => withClient(pool, (client) => readCheckedTypes(client, range, workspaceId)),
    registrySchemas: () => withClient(pool, (client) => readRegistrySchemas(client, workspaceId)),
    otherSchemas: () => readOtherSchemas(pool, workspaceId),
    async audits() {
      const [audits, reading] = await Promise.all([readAudits(pool, workspaceId), pulse()]);
      return { ...toAsOf(reading), audits };
    },
    async flow(range) {
      const nowUs = millisToMicros(clock.now());
      const context = { pool, ...groupContext, sums, nowUs, stillSeries, objectives, systemOf, names };
      const [flow, reading] = await Promise.all([readFlow(context, range), pulse()]);
      return { ...toAsOf(reading), ...flow, settled_to: reading.pulse.settled.to };
    },
    async latency(query) {
      const context = { pool, sums, stillGroups, nowUs: millisToMicros(clock.now()), objectives };
      const [latency, reading] = await Promise.all([readLatency(context, query), pulse()]);
      return { ...toAsOf(reading), ...latency, settled_to: reading.pulse.settled.to };
    },
  };

  async function searchedIn({ pulse: { tap }, lag, partitions }: PulseReading) {
    const { stored, undecodable, uncorrelated, expired } = await totals();
    return {
      records: stored,
      lag: lag.toString(),
      partitions,
      undecodable,
      uncorrelated,
      expired,
      unreadable_topics: tap.unreadable.map((each) => each.topic),
    };
  }
}

/** Schemas are fetched between two readings, not within one: that holds a connection, and would wait for a second. */
async function reread<T>(reader: RecordReader, read: (reader: RecordReader) => Promise<T>): Promise<T> {
  const first = await read(reader);
  return (await reader.fetchMissing()) ? read(reader) : first;
}
