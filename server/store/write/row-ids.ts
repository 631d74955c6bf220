import type { PoolClient } from 'pg';
import type { Resolution } from '../../model/event.ts';
import type { SchemaIdentity } from '../../model/schema-check.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { DeadLetterGroups } from './dead-letter-groups.ts';
import type { RowContext } from './encode-rows.ts';
import { NameCollector, NameIds } from './name-ids.ts';
import { NOTHING_READ } from './poisoned.ts';
import { ResolutionIds } from './resolution-ids.ts';
import { SchemaIds, schemasOf } from './schema-ids.ts';
import { ViolationGroups } from './violation-groups.ts';

/** All small ids that rows of events hold: names, resolutions and schemas; and which violations and dead letters have a group. */
export class RowIds {
  readonly #workspaceId: number;
  readonly #names: NameIds;
  readonly #resolutions: ResolutionIds;
  readonly #schemas: SchemaIds;
  readonly #groups: ViolationGroups;
  readonly #letterGroups: DeadLetterGroups;

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
    this.#names = new NameIds(workspaceId);
    this.#resolutions = new ResolutionIds(workspaceId);
    this.#schemas = new SchemaIds(workspaceId);
    this.#groups = new ViolationGroups(workspaceId);
    this.#letterGroups = new DeadLetterGroups(workspaceId);
  }

  /**
   * Finds or makes the ids for some events, and for what they fall back to when they are poisoned. Call it outside the
   * transaction: a rollback must not take back what is remembered.
   */
  async resolve(
    client: PoolClient,
    batches: readonly Pick<PreparedBatch, 'topic' | 'events' | 'storedAt'>[],
  ): Promise<RowContext> {
    const collected = new NameCollector();
    const read = new Set<Resolution>([NOTHING_READ]);
    const checked = new Set<SchemaIdentity>();
    for (const { events, topic } of batches) {
      schemasOf(events, checked);
      for (const { eventType, service, resolution } of events) {
        collected.add('event type', eventType);
        if (service !== null) collected.add('service', service);
        read.add(resolution);
      }
      // What a poisoned record falls back to.
      collected.add('event type', topic);
    }
    for (const { dialect } of read) collected.add('dialect', dialect);
    const idOf = await this.#names.resolve(client, collected);
    return {
      ...{ workspaceId: this.#workspaceId, idOf },
      resolutionIdOf: await this.#resolutions.resolve(client, read, idOf),
      schemaIdOf: await this.#schemas.resolve(client, checked),
      violationsOf: await this.#groups.resolve(client, batches, idOf),
      letterGroupOf: await this.#letterGroups.resolve(client, batches, idOf),
    };
  }
}
