import type { SchemaName } from '../../model/violation-wire.ts';
import type { RegistryNames } from '../../ports/violations.ts';
import { prepared } from '../prepared.ts';
import type { Queryable } from '../transaction.ts';

/** Schemas and broken schemas of one answer. */
const MOST = 1_000;

interface BrokenRow {
  readonly schema_id: string;
  readonly subject: string | null;
  readonly line: number;
  readonly reason: string;
}

/** The schemas of registries that events were held against, and those that nothing can be held against. */
export async function readRegistrySchemas(client: Queryable, workspaceId: number): Promise<RegistryNames> {
  const { rows: schemas } = await client.query<SchemaName>({ ...NAMES, values: [workspaceId] });
  const { rows: broken } = await client.query<BrokenRow>(BROKEN);
  return {
    schemas,
    broken: broken.map(({ schema_id, subject, line, reason }) => ({
      name: subject === null ? `schema id ${schema_id}` : `${subject} (schema id ${schema_id})`,
      line,
      reason,
    })),
  };
}

// The newest version of each name.
const NAMES = prepared(`
  select name, title, version, origin from (
    select distinct on (name) id, name, title, version, origin from schema
    where workspace_id = $1 and origin = 'registry' order by name, id desc
  ) s order by name limit ${MOST}`);

const BROKEN = prepared(`
  select schema_id, subjects -> 0 ->> 'subject' as subject, (broken ->> 'line')::int as line, broken ->> 'reason' as reason
  from registry_schema where broken is not null order by kept_at desc limit ${MOST}`);
