import type { RecordCheck } from '../../pipeline/check-record.ts';
import type { CompiledSchema } from '../../schema/compile-schema.ts';
import type { Place } from './read-samples.ts';
import type { CheckReport, Counts, Failure, FailureError, Problem, UsedSchema } from './report.ts';

/** An event, and where it stands. */
export interface CheckedEvent {
  readonly place: Place;
  /** Null where nothing names it. */
  readonly topic: string | null;
  readonly eventType: string | null;
}

/** What became of an event: as of `checkRecord`, or its value could not be read. */
export type Outcome = RecordCheck | { readonly status: 'unreadable'; readonly why: string };

/** Reasons for being unchecked that are told apart: they hold names of events. */
const MOST_REASONS = 200;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts what became of events, and keeps the first failures. */
export class Tally {
  readonly counts: Mutable<Counts> = {
    files: 0,
    files_passed_over: 0,
    events: 0,
    ok: 0,
    violation: 0,
    unknown_reference: 0,
    unreadable: 0,
    unchecked: 0,
    other_type: 0,
  };
  readonly #failures: Failure[] = [];
  readonly #problems: Problem[] = [];
  readonly #reasons = new Map<string, { why: string; events: number; readonly first: Place }>();
  readonly #used = new Map<CompiledSchema, Mutable<UsedSchema>>();
  readonly #limit: number;
  readonly #requireSchema: boolean;
  #failed = 0;
  #allProblems = 0;

  constructor({ limit, requireSchema }: { readonly limit: number; readonly requireSchema: boolean }) {
    this.#limit = limit;
    this.#requireSchema = requireSchema;
  }

  get hasFailures(): boolean {
    return this.#failed > 0;
  }

  get hasProblems(): boolean {
    return this.#allProblems > 0;
  }

  problem(problem: Problem): void {
    this.#allProblems += 1;
    if (this.#problems.length < this.#limit) this.#problems.push(problem);
  }

  otherType(): void {
    this.counts.events += 1;
    this.counts.other_type += 1;
  }

  event(event: CheckedEvent, outcome: Outcome): void {
    this.counts.events += 1;
    const status = outcome.status === 'unknown reference' ? 'unknown_reference' : outcome.status;
    this.counts[status] += 1;
    if (outcome.status === 'ok') this.#use(outcome.schema, false);
    if (outcome.status === 'violation') for (const { schema } of outcome.broken) this.#use(schema, true);
    if (outcome.status === 'unchecked') this.#unchecked(event.place, outcome.why);
    if (status === 'ok' || (status === 'unchecked' && !this.#requireSchema)) return;
    this.#failed += 1;
    if (this.#failures.length >= this.#limit) return;
    this.#failures.push({
      place: event.place,
      topic: event.topic,
      event_type: event.eventType,
      status,
      why: outcome.why,
      errors: outcome.status === 'violation' ? outcome.broken.flatMap(errorsOf) : [],
      has_more: outcome.status === 'violation' && outcome.broken.some(({ complete }) => !complete),
    });
  }

  report(): Pick<
    CheckReport,
    'counts' | 'problems' | 'problems_left_out' | 'failures' | 'failures_left_out' | 'unchecked' | 'unchecked_left_out'
  > & { readonly used: readonly UsedSchema[] } {
    const reasons = [...this.#reasons.values()].sort((a, b) => b.events - a.events);
    const listed = reasons.slice(0, this.#limit);
    return {
      counts: this.counts,
      problems: this.#problems,
      problems_left_out: this.#allProblems - this.#problems.length,
      failures: this.#failures,
      failures_left_out: this.#failed - this.#failures.length,
      unchecked: listed,
      unchecked_left_out: this.counts.unchecked - listed.reduce((sum, { events }) => sum + events, 0),
      used: [...this.#used.values()].sort((a, b) => (a.schema < b.schema ? -1 : 1)),
    };
  }

  #use(schema: CompiledSchema, broken: boolean): void {
    const { id, purpose } = schema.document;
    const used = this.#used.get(schema) ?? { schema: id, version: purpose.versionText, ok: 0, violations: 0 };
    used[broken ? 'violations' : 'ok'] += 1;
    this.#used.set(schema, used);
  }

  #unchecked(first: Place, why: string): void {
    const known = this.#reasons.get(why);
    if (known !== undefined) known.events += 1;
    else if (this.#reasons.size < MOST_REASONS) this.#reasons.set(why, { why, events: 1, first });
  }
}

function errorsOf({ schema, errors }: Extract<RecordCheck, { status: 'violation' }>['broken'][number]): FailureError[] {
  const { id, purpose } = schema.document;
  return errors.map(({ path, rule, schemaPath, sentence, was, nearMiss }) => ({
    schema: id,
    version: purpose.versionText,
    path,
    rule,
    schema_path: schemaPath,
    sentence,
    was,
    near_miss: nearMiss,
  }));
}
