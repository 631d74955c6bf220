import type { SchemaId } from '../model/decoded.ts';
import type { SchemaSource } from '../ports/schema-source.ts';

export interface RegistryReturnsDeps {
  readonly source: SchemaSource;
  /** True when stored events wait for the registry, from before this process began. */
  readonly eventsWait: () => Promise<boolean>;
  /** Has the events that wait read again; false while another job is at work. */
  readonly readAgain: () => Promise<boolean>;
}

/** A schema source that remembers what could not be asked, and what to do about it now and then. */
export interface RegistryReturns {
  readonly source: SchemaSource;
  /** Asks again for one of the schemas that nobody answered for; when it is answered, the events are read again. */
  look(): Promise<void>;
}

/**
 * Records whose schema could not be asked for are stored raw. Once the registry answers again they are read again: by a
 * job, so that records that come in do not wait for them.
 */
export function createRegistryReturns({ source, eventsWait, readAgain }: RegistryReturnsDeps): RegistryReturns {
  /** One that was not answered; null while all were. */
  let unanswered: SchemaId | null = null;
  let looked = false;

  const schemas: SchemaSource['schemas'] = async (ids) => {
    const answers = await source.schemas(ids);
    for (const [id, { kind }] of answers) if (kind === 'unreachable') unanswered = id;
    return answers;
  };

  return {
    source: { schemas },
    async look() {
      if (!looked) looked = !(await eventsWait()) || (await readAgain());
      if (unanswered === null) return;
      const id = unanswered;
      const answer = (await source.schemas([id])).get(id);
      if (answer?.kind === 'unreachable' || unanswered !== id) return;
      if (await readAgain()) unanswered = null;
    },
  };
}
