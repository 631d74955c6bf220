import { subjectsOf } from '../model/registry-subject.ts';
import { microsToRfc3339 } from '../model/time.ts';
import type { SchemaCoverage, SchemaList, SchemaName } from '../model/violation-wire.ts';
import type { CheckedType, RegistryNames, SchemaCatalog } from '../ports/violations.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { rangeQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

/** `GET /schemas`: the schemas in force, and how the events of each type fit them. */
export const listSchemas: Handler = async (request, { reads, schemas, jobs, clock }) => {
  const parsed = parseQuery(request, rangeQuery);
  if (!parsed.ok) return parsed.refusal;
  const range = wholeRange(parsed.query, clock.now());
  if (!range.ok) return range.refusal;
  const { from, to } = range.instants;
  const [catalog, registry, types, others, job, asOf] = await Promise.all([
    ...([schemas(), reads.registrySchemas(), reads.checkedTypes({ from, to }), reads.otherSchemas()] as const),
    ...([jobs.newest('re-validate'), reads.asOf()] as const),
  ]);
  const list: SchemaList = {
    ...asOf,
    ...{ from: microsToRfc3339(from), to: microsToRfc3339(to) },
    other_schemas: { events: `${others.events}`, unreachable: `${others.unreachable}` },
    job,
    event_types: coverageOf(types, catalog, registry),
    schemas: [...catalog.schemas, ...registry.schemas.map((each) => ({ ...each, source: null, event_types: [] }))],
    broken: [...catalog.broken, ...registry.broken],
  };
  return json(list);
};

/** Per event type, whatever topics it is on; those seen most first, and then those that have a schema and were not seen. */
function coverageOf(
  types: readonly CheckedType[],
  catalog: SchemaCatalog,
  registry: RegistryNames,
): readonly SchemaCoverage[] {
  const subjects = new Map(registry.schemas.map((schema) => [schema.name, schema]));
  // Which schema the bytes of records name is not counted: a registry's is known here by what its subject is called.
  const registered = (eventType: string, topic: string): SchemaName | null =>
    subjectsOf(topic, eventType).flatMap((subject) => subjects.get(subject) ?? [])[0] ?? null;
  const sums = new Map<string, Omit<CheckedType, 'eventType' | 'topic'> & Pick<SchemaCoverage, 'schema'>>();
  for (const { eventType, topic, seen, ok, violating, unchecked } of types) {
    const sum = sums.get(eventType) ?? { schema: null, seen: 0, ok: 0, violating: 0, unchecked: 0 };
    sums.set(eventType, {
      schema: sum.schema ?? catalog.schemaFor(eventType, topic) ?? registered(eventType, topic),
      seen: sum.seen + seen,
      ok: sum.ok + ok,
      violating: sum.violating + violating,
      unchecked: sum.unchecked + unchecked,
    });
  }
  return [...sums].map(([event_type, { schema, seen, ok, violating, unchecked }]) => ({
    ...{ event_type, schema },
    ...{ seen: `${seen}`, ok: `${ok}`, violating: `${violating}`, unchecked: `${unchecked}` },
  }));
}
