import type { PreparedEvent } from '../model/event.ts';
import type { Incarnation, SourceRecord } from '../model/record.ts';
import { NO_SAMPLE, type SampleFields } from '../pipeline/field-sample.ts';
import { prepareEvent, rememberedKeys } from '../pipeline/prepare-event.ts';
import { NO_SCHEMAS } from '../pipeline/read-value.ts';
import type { Reading } from '../pipeline/reading.ts';
import { type CheckSchemas, NO_CHECKS } from '../pipeline/schema-checks.ts';
import { wantedSchemas } from '../pipeline/wanted-schemas.ts';
import type { SchemaSource } from '../ports/schema-source.ts';

/** Where the records of one preparation stand. */
export interface RecordPlace {
  readonly incarnation: Incarnation;
  readonly partition: number;
}

/** Makes events of records of one partition: one for each, in their order. Never throws for what a record holds. */
export type PrepareRecords = (
  records: readonly SourceRecord[],
  place: RecordPlace,
) => Promise<readonly PreparedEvent[]>;

export interface PreparerDeps {
  readonly workspaceId: number;
  readonly reading: Reading;
  /** The number of the rules in force; rejects while it cannot be known. */
  readonly resolverVersion: () => Promise<number>;
  /** Where the schemas come from that records name; absent where no registry is configured. */
  readonly schemas?: SchemaSource;
  /** Holds what was read against the schemas in force; absent where nothing is checked. */
  readonly check?: CheckSchemas;
  /** Chooses the events that drift is learned from: those that come in, and not what a job reads again. */
  readonly sample?: SampleFields;
}

/** What ingest makes of records as they come, and a job of stored ones: the same for both. */
export function createPreparer({
  workspaceId,
  reading,
  resolverVersion,
  schemas,
  check = NO_CHECKS,
  sample = NO_SAMPLE,
}: PreparerDeps): PrepareRecords {
  /** Asked for at once, before anything is decoded. */
  const schemasOf = async (records: readonly SourceRecord[]) => {
    const wanted = schemas === undefined ? [] : wantedSchemas(records);
    return schemas === undefined || wanted.length === 0 ? NO_SCHEMAS : schemas.schemas(wanted);
  };
  return async (records, { incarnation, partition }) => {
    const context = {
      ...{ workspaceId, incarnation, partition, reading },
      topic: reading.queues.topicName(incarnation.topic),
      resolverVersion: await resolverVersion(),
      keyOf: rememberedKeys(workspaceId),
      schemas: await schemasOf(records),
      ...{ check, sample },
    };
    return records.map((record) => prepareEvent(record, context));
  };
}
