import type { SchemaId } from '../../model/decoded.ts';
import type { SchemaAnswer } from '../../model/registry-schema.ts';
import type { Clock } from '../../ports/clock.ts';

/** How long an id stays unknown: a producer may register it right after we asked. */
const UNKNOWN_MS = 30_000;
/** Most ids remembered, found or not; bytes that only look like ids name a new one each. */
const MAX_ANSWERS = 5000;
/** Most characters of schemas remembered; those that go are found in the store. */
const MAX_CHARS = 32_000_000;

interface Remembered {
  readonly answer: SchemaAnswer;
  /** When it is forgotten; never for schemas: a registry does not change one. */
  readonly until: number;
  readonly chars: number;
}

/** What is known of schemas, for a while; the oldest goes first. Who could not be asked is not remembered. */
export class SchemaCache {
  readonly #clock: Clock;
  readonly #answers = new Map<SchemaId, Remembered>();
  #chars = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(id: SchemaId): SchemaAnswer | undefined {
    const known = this.#answers.get(id);
    if (known === undefined) return undefined;
    if (this.#clock.now() < known.until) return known.answer;
    this.#drop(id);
    return undefined;
  }

  set(id: SchemaId, answer: SchemaAnswer): void {
    if (answer.kind === 'unreachable') return;
    this.#drop(id);
    const chars = answer.kind === 'found' ? charsOf(answer.schema) : 0;
    const until = answer.kind === 'found' ? Number.POSITIVE_INFINITY : this.#clock.now() + UNKNOWN_MS;
    this.#answers.set(id, { answer, until, chars });
    this.#chars += chars;
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_ANSWERS && this.#chars <= MAX_CHARS) break;
      this.#drop(oldest);
    }
  }

  #drop(id: SchemaId): void {
    this.#chars -= this.#answers.get(id)?.chars ?? 0;
    this.#answers.delete(id);
  }
}

function charsOf({ text, references }: Extract<SchemaAnswer, { kind: 'found' }>['schema']): number {
  return references.reduce((sum, reference) => sum + reference.text.length, text.length);
}
