import { evidenceFromCode } from '../../model/evidence.ts';
import { recordId } from '../../model/record.ts';
import type { TraceEvent } from '../../model/wire.ts';
import { prepared } from '../prepared.ts';
import type { Queryable } from '../transaction.ts';
import { coordinates, type EventRow } from './event-rows.ts';
import { causeEvidence } from './trace-line.ts';

type Relations = Pick<TraceEvent, 'more_causes' | 'duplicates'>;

interface RelationRow {
  incarnation_id: number;
  partition: number;
  offset: string;
  evidence: number | null;
  hop_us: string | null;
  cluster: string;
  topic: string;
  n: number;
  other_partition: number;
  other_offset: string;
}

/** Further causes and copies of the events of one page, by coordinates. */
export async function readRelations(
  client: Queryable,
  rows: readonly EventRow[],
): Promise<(row: EventRow) => Relations> {
  const found = new Map<string, { more_causes: TraceEvent['more_causes'][number][]; duplicates: string[] }>();
  const relationsOf = (key: string) => {
    const known = found.get(key) ?? { more_causes: [], duplicates: [] };
    found.set(key, known);
    return known;
  };
  const params = [
    [...new Set(rows.map((row) => row.trace_key))],
    rows.map((row) => row.incarnation_id),
    rows.map((row) => row.partition),
    rows.map((row) => row.offset),
    rows.map((row) => row.stored_day),
  ];
  const { rows: related } = await client.query<RelationRow>({ ...SELECT, values: params });
  for (const row of related) {
    const relations = relationsOf(
      coordinates({ incarnationId: row.incarnation_id, partition: row.partition, offset: row.offset }),
    );
    const id = recordId({ id: 0, ...row }, row.other_partition, BigInt(row.other_offset));
    const evidence = row.evidence === null ? null : causeEvidence(evidenceFromCode(row.evidence));
    if (evidence === null) relations.duplicates.push(id);
    else relations.more_causes.push({ id, evidence, hop_ms: Number(row.hop_us ?? 0) / 1000 });
  }
  return (row) =>
    relationsOf(coordinates({ incarnationId: row.incarnation_id, partition: row.partition, offset: row.offset }));
}

const SELECT = prepared(`
  with page as (select * from unnest($2::int[], $3::int[], $4::bigint[], $5::date[])
    as p(incarnation_id, partition, "offset", stored_day)),
  related as (
    select p.*, h.evidence, h.hop_us, h.cause_incarnation_id as other, h.cause_partition as other_partition,
      h.cause_offset as other_offset
    from page p join hop h using (incarnation_id, partition, "offset", stored_day)
    where h.trace_key = any($1::uuid[]) and h.stored_day = any($5::date[]) and h.ordinal > 0 and h.cause_incarnation_id is not null
    union all
    select p.*, null, null, d.incarnation_id, d.partition, d."offset"
    from page p join duplicate d on d.of_incarnation_id = p.incarnation_id and d.of_partition = p.partition
      and d.of_offset = p."offset"
    where d.trace_key = any($1::uuid[]) and not d.conflict
  )
  select r.incarnation_id, r.partition, r."offset", r.evidence, r.hop_us, c.kafka_id as cluster, i.topic, i.n,
    r.other_partition, r.other_offset
  from related r join incarnation i on i.id = r.other join cluster c on c.id = i.cluster_id
  order by r.other_offset, r.other, r.other_partition`);
