import type { SchemaId } from '../../model/decoded.ts';
import type { RegistrySchema, SchemaAnswer } from '../../model/registry-schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SchemaSource, SchemaStore } from '../../ports/schema-source.ts';
import type { Registry } from './create-registry.ts';
import { SchemaCache } from './schema-cache.ts';

export interface SchemaSourceOptions {
  readonly registry: Pick<Registry, 'name' | 'fetch'>;
  readonly store: SchemaStore;
  readonly clock: Clock;
  /** Longest that one call waits for the registry. */
  readonly waitMs?: number;
}

const WAIT_MS = 2000;
/** Requests under way at once. */
const MAX_UNDER_WAY = 8;
/** New ids looked up for one call: bytes that only look like ids name a new schema each. */
const MAX_NEW_IDS = 64;

/**
 * Schemas for ingest: from memory, else from the store, else from the registry, and then kept in the store before they
 * are answered, so that whoever reads the records later finds them there. Waits a bounded time; what the registry answers
 * after it is remembered for the next call.
 */
export function createSchemaSource({ registry, store, clock, waitMs = WAIT_MS }: SchemaSourceOptions): SchemaSource {
  const cache = new SchemaCache(clock);
  const underWay = new Map<SchemaId, Promise<SchemaAnswer>>();

  /** Kept before it is remembered: whoever is told of a schema may store records that need it. */
  const fetchAndKeep = async (id: SchemaId): Promise<SchemaAnswer> => {
    const answer = await registry.fetch(id);
    try {
      if (answer.kind === 'found') await store.keep([answer.schema]);
    } catch {
      // Nobody may be waiting any more; whoever is will hear of the database when the records are stored.
      return UNREACHABLE;
    }
    cache.set(id, answer);
    return answer;
  };

  const fetched = (id: SchemaId): Promise<SchemaAnswer> => {
    const running = underWay.get(id);
    if (running !== undefined) return running;
    if (underWay.size >= MAX_UNDER_WAY) return Promise.resolve({ kind: 'unreachable' });
    const started = fetchAndKeep(id).finally(() => underWay.delete(id));
    underWay.set(id, started);
    return started;
  };

  /**
   * A schema that was kept before its names were asked for, or while the registry did not tell them: they are asked for
   * aside, and known from the next call on.
   */
  const nameAside = (id: SchemaId, stored: RegistrySchema): void => {
    if (typeof id !== 'number' || stored.subjects !== undefined) return;
    if (underWay.has(id) || underWay.size >= MAX_UNDER_WAY) return;
    const naming = async (): Promise<SchemaAnswer> => {
      const answer = await registry.fetch(id);
      if (answer.kind !== 'found' || answer.schema.subjects === undefined) return answer;
      const named = { ...stored, subjects: answer.schema.subjects };
      await store.keep([named]);
      cache.set(id, { kind: 'found', schema: named });
      return answer;
    };
    const started = naming()
      .catch(() => UNREACHABLE)
      .finally(() => underWay.delete(id));
    underWay.set(id, started);
  };

  const fromRegistry = async (ids: readonly SchemaId[]): Promise<ReadonlyMap<SchemaId, SchemaAnswer>> => {
    const answers = new Map<SchemaId, SchemaAnswer>();
    const deadline = after(waitMs);
    const queue = [...ids];
    const work = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined && !deadline.passed(); id = queue.shift()) {
        const answer = await Promise.race([fetched(id), deadline.promise]);
        answers.set(id, answer);
      }
    };
    await Promise.all(Array.from({ length: MAX_UNDER_WAY }, work));
    deadline.clear();
    return answers;
  };

  return {
    async schemas(ids) {
      const answers = new Map<SchemaId, SchemaAnswer>();
      for (const id of ids) {
        const known = cache.get(id);
        if (known !== undefined) answers.set(id, known);
      }
      const missing = ids.filter((id) => !answers.has(id)).slice(0, MAX_NEW_IDS);
      for (const [id, answer] of await store.find([registry.name], missing)) {
        // What another registry calls by this id is something else.
        if (answer.schema.registry !== registry.name) continue;
        cache.set(id, answer);
        answers.set(id, answer);
        nameAside(id, answer.schema);
      }
      const fresh = await fromRegistry(missing.filter((id) => !answers.has(id)));
      for (const id of ids) answers.set(id, answers.get(id) ?? fresh.get(id) ?? UNREACHABLE);
      return answers;
    },
  };
}

const UNREACHABLE: SchemaAnswer = { kind: 'unreachable' };

/** A promise that says `unreachable` after `ms`. */
function after(ms: number) {
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<SchemaAnswer>((resolve) => {
    timer = setTimeout(() => {
      over = true;
      resolve(UNREACHABLE);
    }, ms);
  });
  return { promise, passed: () => over, clear: () => clearTimeout(timer) };
}
