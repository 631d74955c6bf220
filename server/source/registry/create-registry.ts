import type { SchemaId } from '../../model/decoded.ts';
import type { SchemaAnswer } from '../../model/registry-schema.ts';
import type { Clock } from '../../ports/clock.ts';
import { createAskAddress, type RegistryAccess, type RegistryAnswer } from './ask-registry.ts';
import { fetchSchema } from './fetch-schema.ts';

/** One schema registry. */
export interface Registry {
  /** Its first address without user and password. */
  readonly name: string;
  /** Asks for one schema, however long that takes; `unreachable` at once while the registry is given a rest. */
  fetch(id: SchemaId): Promise<SchemaAnswer>;
  close(): void;
}

const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 60_000;

/**
 * A client of a registry. An address that fails is followed by the next; when all have, nobody is asked for a while, each
 * time twice as long, so that records come in at speed while it is down. Remembers no schemas: see `createSchemaSource`.
 */
export function createRegistry(access: RegistryAccess, clock: Clock): Registry {
  const { ask: askAddress, close } = createAskAddress(access);
  let preferred = 0;
  let restUntil = 0;
  let restMs = FIRST_REST_MS;

  const failed = (): RegistryAnswer => {
    if (clock.now() >= restUntil) {
      restUntil = clock.now() + restMs;
      restMs = Math.min(restMs * 2, LONGEST_REST_MS);
    }
    return { kind: 'failed' };
  };

  const ask = async (path: string): Promise<RegistryAnswer> => {
    if (clock.now() < restUntil) return { kind: 'failed' };
    const { urls } = access;
    for (let tried = 0; tried < urls.length; tried += 1) {
      const place = (preferred + tried) % urls.length;
      const answer = await askAddress(urls[place] ?? '', path);
      if (answer.kind === 'failed') continue;
      preferred = place;
      restMs = FIRST_REST_MS;
      return answer;
    }
    return failed();
  };

  /** For what can be done without: that nobody sensible answers says nothing of the registry. */
  const askAside = (path: string): Promise<RegistryAnswer> =>
    clock.now() < restUntil ? Promise.resolve({ kind: 'failed' }) : askAddress(access.urls[preferred] ?? '', path);

  const name = registryName(access.urls[0] ?? '');
  return { name, fetch: (id) => fetchSchema(name, id, { ask, askAside }), close };
}

/** The address that names a registry: without user, password and query. */
function registryName(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
