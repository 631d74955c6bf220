import type { DeclaredFlow } from '../../model/flow.ts';
import { furthestIn } from '../../model/furthest-in.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { EPISODE_GAP_MS, type TraceStatus } from '../../model/trace.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import type { TraceSummary } from '../../model/wire.ts';
import { idKindFromCode } from '../codes.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { SAYS_FAILED, STILL_MISSING } from '../stalls/still-missing.ts';

/** A row of `trace` (or what stands in for one) with names as labels. */
export interface TraceRow {
  readonly trace_key: string;
  readonly id_kind: number;
  readonly id_text: string;
  readonly id_length: number;
  readonly started_us: string;
  readonly ended_us: string;
  readonly event_count: number;
  readonly duplicate_count: number;
  readonly violation_count: number;
  readonly dead_letter_count: number;
  /** Rows of it that have expired. */
  readonly expired_count: number;
  readonly root_type: string;
  readonly event_types: readonly string[];
  readonly services: readonly string[];
  readonly topics: readonly string[];
  readonly first_day: string;
  readonly last_day: string;
  readonly settled_us: string;
  /** Types of the newest episode, where they are not all of them. */
  readonly episode_types: readonly string[] | null;
  /** A type of the newest episode that says that something failed. */
  readonly failed_type: string | null;
  readonly episode_dead_letter: boolean;
  readonly stalled: boolean;
  /** Something is overdue, but the tap has not read far enough to say that it is not there. */
  readonly tap_behind: boolean;
}

/** Columns of a `TraceRow` over a relation `t` that has the columns of `trace`. */
export const TRACE_COLUMNS = `t.trace_key::text, t.id_kind, t.id_text, t.id_length, ${microsSql('t.started_at')} as started_us,
  ${microsSql('t.ended_at')} as ended_us, t.event_count, t.duplicate_count, t.expired_count,
  t.violation_count, t.dead_letter_count,
  coalesce((select label from name where id = t.root_type_id), '') as root_type,
  ${labels('t.type_ids')} as event_types, ${labels('t.service_ids')} as services,
  array(select i.topic from unnest(t.incarnation_ids) with ordinality as x(id, place)
    join incarnation i on i.id = x.id order by x.place) as topics,
  t.first_day::text, t.last_day::text, ${microsSql('t.settled_at')} as settled_us,
  case when t.episode_type_ids is distinct from t.type_ids then ${labels('coalesce(t.episode_type_ids, t.type_ids)')} end
    as episode_types,
  (select n.label from name n where n.id = any(coalesce(t.episode_type_ids, t.type_ids)) and ${SAYS_FAILED} limit 1)
    as failed_type, t.episode_dead_letter,
  exists (select from stall s where s.trace_key = t.trace_key and ${STILL_MISSING}) as stalled,
  exists (select from episode_check k where k.trace_key = t.trace_key and k.tap_behind) as tap_behind`;

function labels(ids: string): string {
  return `array(select n.label from unnest(${ids}) with ordinality as x(id, place)
    join name n on n.id = x.id order by x.place)`;
}

/** What a summary needs to know besides its row. */
export interface SummaryContext {
  readonly flows: readonly DeclaredFlow[];
  readonly nowMs: number;
  readonly episodeGapMs: number;
  /** Names of the declared fields that traces are found by. */
  readonly fieldNames: readonly string[];
}

export function toSummary(row: TraceRow, context: SummaryContext): TraceSummary {
  const startedAt = microsFromSql(row.started_us);
  const endedAt = microsFromSql(row.ended_us);
  const flow = flowOf(row, context.flows);
  return {
    correlation_id: row.id_text,
    correlation_id_truncated: row.id_length > row.id_text.length,
    trace_key: traceKeyToHex(row.trace_key),
    id_kind: idKindFromCode(row.id_kind),
    started_at: microsToRfc3339(startedAt),
    ended_at: microsToRfc3339(endedAt),
    duration_ms: (endedAt - startedAt) / 1000,
    event_count: row.event_count,
    services: row.services,
    event_types: row.event_types,
    topics: [...new Set(row.topics)],
    flow: flow?.name ?? null,
    status: statusOf(row, flow, context),
    violation_count: row.violation_count,
    dead_letter_count: row.dead_letter_count,
  };
}

/** Of flows that begin alike the one that the newest episode has ended, else the one that it has gone furthest in. */
function flowOf(row: TraceRow, flows: readonly DeclaredFlow[]): DeclaredFlow | null {
  const begun = flows.filter(({ startsWith }) => startsWith === row.root_type);
  const ended = begun.find((flow) => hasEnded(row, flow));
  if (ended !== undefined) return ended;
  const types = newestTypes(row);
  const [first = null] = furthestIn(begun, ({ startsWith, steps = [] }) =>
    steps.findLastIndex(({ eventType }) => eventType !== startsWith && types.includes(eventType)),
  );
  return first;
}

function hasEnded(row: TraceRow, { endsWith }: DeclaredFlow): boolean {
  const types = newestTypes(row);
  return endsWith.some((type) => types.includes(type));
}

function newestTypes({ episode_types, event_types }: TraceRow): readonly string[] {
  return episode_types ?? event_types;
}

function statusOf(
  row: TraceRow,
  flow: DeclaredFlow | null,
  { nowMs, episodeGapMs = EPISODE_GAP_MS }: SummaryContext,
): TraceStatus {
  if (row.failed_type !== null || row.episode_dead_letter) return 'failed';
  if (flow !== null && hasEnded(row, flow)) return 'done';
  if (row.stalled) return 'stalled';
  if (row.tap_behind) return 'unknown';
  // An event from the far future says nothing about now.
  return Math.abs(nowMs - Number(row.ended_us) / 1000) < episodeGapMs ? 'running' : 'unknown';
}
