import { type SchemaIdentity, schemaStatusFromCode } from '../../model/schema-check.ts';
import type { EventSchema, SchemaName, ViolationError } from '../../model/violation-wire.ts';
import { isViolatingRow, schemaCodeOf } from '../codes.ts';
import { prepared } from '../prepared.ts';
import type { Queryable } from '../transaction.ts';
import { coordinates } from './event-rows.ts';

/** What of an event row says where its schema and its errors stand. */
export interface CheckedRow {
  readonly stored_day: string;
  readonly incarnation_id: number;
  readonly partition: number;
  readonly offset: string;
  readonly flags: number;
  readonly schema_id: number;
}

interface NameRow {
  readonly id: number;
  readonly name: string;
  readonly title: string | null;
  readonly version: string | null;
  readonly origin: SchemaIdentity['origin'];
}

interface ErrorRow {
  readonly incarnation_id: number;
  readonly partition: number;
  readonly offset: string;
  readonly complete: boolean;
  /** Of the schema that says so; null for a reference that nobody knows. */
  readonly name: string | null;
  readonly title: string | null;
  readonly version: string | null;
  readonly origin: SchemaIdentity['origin'] | null;
  readonly path: string;
  readonly rule: string;
  readonly sentence: string;
  readonly was: string | null;
  readonly near_miss: string | null;
}

/** The errors of one event as they are stored. */
export interface StoredErrors {
  readonly errors: readonly ViolationError[];
  readonly complete: boolean;
}

const NO_ERRORS: StoredErrors = { errors: [], complete: true };

/** What their schemas say of the events of one page; asks nothing where nothing was checked. */
export async function readEventSchemas(
  client: Queryable,
  rows: readonly CheckedRow[],
): Promise<(row: CheckedRow) => EventSchema> {
  // Asked behind each other, without a wait between: a caller may have asked for more before.
  const [errorsOf, names] = await Promise.all([
    readErrors(
      client,
      rows.filter(({ flags }) => isViolatingRow(flags)),
    ),
    readSchemaNames(
      client,
      rows.map(({ schema_id }) => schema_id),
    ),
  ]);
  return (row) => ({
    status: schemaStatusFromCode(schemaCodeOf(row.flags)),
    schema: names.get(row.schema_id) ?? null,
    ...errorsOf(row),
  });
}

/** What some events break, by their coordinates. */
export async function readErrors(
  client: Queryable,
  events: readonly Pick<CheckedRow, 'stored_day' | 'incarnation_id' | 'partition' | 'offset'>[],
): Promise<(row: Pick<CheckedRow, 'incarnation_id' | 'partition' | 'offset'>) => StoredErrors> {
  if (events.length === 0) return () => NO_ERRORS;
  const { rows } = await client.query<ErrorRow>({
    ...ERRORS,
    values: [
      events.map((row) => row.incarnation_id),
      events.map((row) => row.partition),
      events.map((row) => row.offset),
      events.map((row) => row.stored_day),
    ],
  });
  const found = new Map<string, { errors: ViolationError[]; complete: boolean }>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = found.get(key) ?? { errors: [], complete: row.complete };
    const { path, rule, sentence, was, near_miss, name, title, version, origin } = row;
    const schema = name === null || origin === null ? null : { name, title, version, origin };
    known.errors.push({ path, rule, sentence, was, near_miss, schema });
    found.set(key, known);
  }
  return (row) => found.get(keyOf(row)) ?? NO_ERRORS;
}

/** Schemas by their ids; 0 names none. */
export async function readSchemaNames(
  client: Queryable,
  ids: readonly number[],
): Promise<ReadonlyMap<number, SchemaName>> {
  const wanted = [...new Set(ids)].filter((id) => id !== 0);
  if (wanted.length === 0) return new Map();
  const { rows } = await client.query<NameRow>({ ...NAMES, values: [wanted] });
  return new Map(rows.map(({ id, name, title, version, origin }) => [id, { name, title, version, origin }]));
}

function keyOf(row: Pick<CheckedRow, 'incarnation_id' | 'partition' | 'offset'>): string {
  return coordinates({ incarnationId: row.incarnation_id, partition: row.partition, offset: row.offset });
}

const NAMES = prepared('select id, name, title, version, origin from schema where id = any($1::int[])');

const ERRORS = prepared(`
  select v.incarnation_id, v.partition, v."offset", v.complete, coalesce(v.path, g.path) as path,
    coalesce(v.rule, g.rule) as rule, v.sentence, v.was, v.near_miss,
    s.name, s.title, s.version, s.origin
  from unnest($1::int[], $2::int[], $3::bigint[], $4::date[]) as p(incarnation_id, partition, "offset", stored_day)
  join violation v on v.stored_day = p.stored_day and v.incarnation_id = p.incarnation_id
    and v.partition = p.partition and v."offset" = p."offset"
  join violation_group g on g.key = v.group_key left join schema s on s.id = v.schema_id
  order by v.incarnation_id, v.partition, v."offset", v.ordinal`);
